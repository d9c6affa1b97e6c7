using System.Text;

namespace Alize.Domain.Programmes;

/// <summary>
/// Names of communes as people write them: accents, capitals, hyphens and apostrophes do not tell two communes apart, nor does
/// « St » for « Saint ».
/// </summary>
public static class CommuneNames
{
    // By hand: without a culture's data, which a server may not have, .NET takes no accent off.
    private const string Accented = "àâäçéèêëîïôöùûüÿ";
    private const string Plain = "aaaceeeeiioouuuy";

    /// <summary>Whether a commune is among those named.</summary>
    public static bool Contain(IEnumerable<string> communes, string commune)
    {
        var key = Key(commune);
        return communes.Any(c => Key(c) == key);
    }

    /// <summary>A typed list, one commune a line or separated by commas or semicolons: each once, in French alphabetical order.</summary>
    public static IReadOnlyList<string> Read(string typed) =>
    [
        .. typed.Split(['\n', '\r', ',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .DistinctBy(Key).OrderBy(Key, StringComparer.Ordinal),
    ];

    private static string Key(string commune)
    {
        var letters = new StringBuilder();
        foreach (var c in commune)
        {
            var letter = char.ToLowerInvariant(c);
            var accented = Accented.IndexOf(letter, StringComparison.Ordinal);
            if (letter == 'œ') letters.Append("oe");
            else letters.Append(accented >= 0 ? Plain[accented] : char.IsLetterOrDigit(letter) ? letter : ' ');
        }

        var words = letters.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word switch { "st" => "saint", "ste" => "sainte", _ => word });
        return string.Join(' ', words);
    }
}
