using System.Globalization;
using System.Text;

namespace Alize.Domain.Programmes;

/// <summary>
/// Names of communes as people write them: accents, capitals, hyphens and apostrophes do not tell two communes apart, nor does
/// « St » for « Saint ».
/// </summary>
public static class CommuneNames
{
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
        foreach (var c in commune.Replace("œ", "oe", StringComparison.OrdinalIgnoreCase).Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            letters.Append(char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ');
        }

        var words = letters.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word switch { "st" => "saint", "ste" => "sainte", _ => word });
        return string.Join(' ', words);
    }
}
