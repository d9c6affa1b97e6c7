using System.Text;

namespace Alize.Domain.Accounts;

/// <summary>
/// The characters every bank of the single euro payments area accepts (European Payments Council, EPC217-08): Latin letters
/// without accents, digits, the space and <c>/ - ? : ( ) . , ' +</c>. What is outside is written with the nearest ones inside.
/// </summary>
public static class SepaText
{
    private const string Marks = "/-?:().,'+ ";

    // Letters of the European languages written in Latin script, each after its plain form.
    private static readonly string[] Alphabet =
    [
        "AÀÁÂÃÄÅĀĂĄ", "aàáâãäåāăą", "CÇĆĈĊČ", "cçćĉċč", "DÐĎĐ", "dðďđ", "EÈÉÊËĒĔĖĘĚ", "eèéêëēĕėęě", "GĜĞĠĢ", "gĝğġģ", "HĤĦ", "hĥħ",
        "IÌÍÎÏĨĪĬĮİ", "iìíîïĩīĭįı", "JĴ", "jĵ", "KĶ", "kķĸ", "LĹĻĽĿŁ", "lĺļľŀł", "NÑŃŅŇŊ", "nñńņňŉŋ", "OÒÓÔÕÖØŌŎŐ", "oòóôõöøōŏő",
        "RŔŖŘ", "rŕŗř", "SŚŜŞŠȘ", "sśŝşšſș", "TŢŤŦȚ", "tţťŧț", "UÙÚÛÜŨŪŬŮŰŲ", "uùúûüũūŭůűų", "WŴ", "wŵ", "YÝŶŸ", "yýÿŷ", "ZŹŻŽ", "zźżž",
        "'’‘´`", "-–—‑−_", " \u00A0\u202F\t\r\n", ",;«»\"“”", "+&", "(<[{", ")>]}", "/\\|",
    ];

    private static readonly Dictionary<char, string> Nearest = Alphabet
        .SelectMany(row => row.Skip(1).Select(c => (c, row[..1])))
        .Concat([('Œ', "OE"), ('œ', "oe"), ('Æ', "AE"), ('æ', "ae"), ('ß', "ss"), ('Þ', "TH"), ('þ', "th"), ('€', "EUR"), ('@', "(at)"), ('°', "o"), ('®', ""), ('™', ""), ('…', "...")])
        .ToDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary>The text in the allowed characters, without runs of spaces, cut at a length.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="longest">Most characters the field takes.</param>
    public static string Of(string text, int longest)
    {
        var written = new StringBuilder();
        foreach (var c in text)
        {
            // A sign with no likeness is a full stop, as the Council's table says, so that a hole is seen.
            var plain = IsAllowed(c) ? c.ToString() : Nearest.GetValueOrDefault(c, ".");
            if (plain is " " && (written.Length == 0 || written[^1] is ' ')) continue;
            written.Append(plain);
        }

        var all = written.ToString().Trim();
        return all.Length <= longest ? all : all[..longest].TrimEnd();
    }

    /// <summary>A reference: as a text, and no slash at its ends nor two in a row, which banks refuse.</summary>
    public static string Reference(string text, int longest)
    {
        var written = Of(text, longest);
        while (written.Contains("//", StringComparison.Ordinal)) written = written.Replace("//", "/", StringComparison.Ordinal);
        return written.Trim('/').Trim();
    }

    /// <summary>Whether every character is an allowed one.</summary>
    public static bool IsAllowed(string text) => text.All(IsAllowed);

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || Marks.Contains(c, StringComparison.Ordinal);
}
