using System.Text;
using System.Text.RegularExpressions;

namespace Alize.Workflows.Tests.Mail;

/// <summary>A property of a calendar entry: its name, parameters and value as written.</summary>
internal sealed record CalendarLine(string Name, IReadOnlyDictionary<string, string> Parameters, string Value);

/// <summary>
/// Reads an iCalendar text by the letter of RFC 5545 and RFC 5546, and refuses what calendar programs let pass one day and drop the
/// next: line ends, folding, characters that must be escaped, properties that come twice or not at all.
/// </summary>
internal static partial class StrictCalendar
{
    private static readonly string[] Once = ["UID", "DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "SEQUENCE", "SUMMARY", "STATUS", "LOCATION", "DESCRIPTION"];
    private static readonly string[] Texts = ["SUMMARY", "LOCATION", "DESCRIPTION", "UID", "STATUS", "PRODID"];

    /// <summary>The properties of its one VEVENT.</summary>
    /// <exception cref="FormatException">It is not as the standards want it; the message says where.</exception>
    public static (string Method, IReadOnlyList<CalendarLine> Event) Read(string text)
    {
        var lines = Unfold(text).Select(Parse).ToList();
        Must(lines.Count > 4 && Is(lines[0], "BEGIN", "VCALENDAR") && Is(lines[^1], "END", "VCALENDAR"), "It is one VCALENDAR.");
        var begin = lines.FindIndex(l => Is(l, "BEGIN", "VEVENT"));
        var end = lines.FindIndex(l => Is(l, "END", "VEVENT"));
        Must(begin > 0 && end > begin && lines.Count(l => l.Name == "BEGIN") == 2, "It has one VEVENT and nothing else.");
        var outer = lines[1..begin].Concat(lines[(end + 1)..^1]).ToList();
        foreach (var name in (string[])["VERSION", "PRODID", "METHOD"]) Must(outer.Count(l => l.Name == name) == 1, $"{name} stands once.");
        Must(outer.Single(l => l.Name == "VERSION").Value == "2.0", "VERSION is 2.0.");
        Must(outer.TrueForAll(l => l.Name is "VERSION" or "PRODID" or "METHOD" or "CALSCALE"), "Nothing unknown around the VEVENT.");
        var entry = lines[(begin + 1)..end];
        Check(outer.Single(l => l.Name == "METHOD").Value, entry);
        return (outer.Single(l => l.Name == "METHOD").Value, entry);
    }

    private static void Check(string method, List<CalendarLine> entry)
    {
        Must(method is "REQUEST" or "CANCEL", $"METHOD {method} is none of ours.");
        foreach (var name in Once) Must(entry.Count(l => l.Name == name) <= 1, $"{name} stands at most once.");
        foreach (var name in (string[])["UID", "DTSTAMP", "DTSTART", "ORGANIZER", "SEQUENCE", "SUMMARY"]) Must(entry.Exists(l => l.Name == name), $"{name} is there (RFC 5546, 3.2).");
        Must(entry.Count(l => l.Name == "ATTENDEE") == 1, "One person is invited by one mail.");
        foreach (var moment in entry.Where(l => l.Name.StartsWith("DT", StringComparison.Ordinal)))
            Must(Utc().IsMatch(moment.Value) && moment.Parameters.Count == 0, $"{moment.Name} is a moment in UTC: '{moment.Value}'.");
        Must(string.CompareOrdinal(entry.Single(l => l.Name == "DTSTART").Value, entry.Single(l => l.Name == "DTEND").Value) < 0, "It ends after it starts.");
        foreach (var person in entry.Where(l => l.Name is "ORGANIZER" or "ATTENDEE")) Must(Mailto().IsMatch(person.Value), $"{person.Name} is a mail address: '{person.Value}'.");
        Must(int.TryParse(entry.Single(l => l.Name == "SEQUENCE").Value, out var sequence) && sequence >= 0, "SEQUENCE counts.");
        Must((method == "CANCEL") == (entry.SingleOrDefault(l => l.Name == "STATUS")?.Value == "CANCELLED"), "STATUS says what METHOD says.");
        foreach (var words in entry.Where(l => Texts.Contains(l.Name))) Must(Escaped().IsMatch(words.Value), $"{words.Name} escapes what must be: '{words.Value}'.");
    }

    private static List<string> Unfold(string text)
    {
        Must(text.EndsWith("\r\n", StringComparison.Ordinal), "The last line ends.");
        var unfolded = new List<string>();
        foreach (var line in text[..^2].Split("\r\n"))
        {
            Must(!line.Contains('\r') && !line.Contains('\n'), "Lines end with CR LF, always.");
            Must(Encoding.UTF8.GetByteCount(line) <= 75, $"No line is longer than 75 octets: '{line}'.");
            Must(line.Length > 0, "No line is empty.");
            if (line[0] is not (' ' or '\t')) unfolded.Add(line);
            else unfolded[^1] += line[1..];
        }

        return unfolded;
    }

    private static CalendarLine Parse(string line)
    {
        var match = ContentLine().Match(line);
        Must(match.Success, $"It is no content line: '{line}'.");
        var parameters = new Dictionary<string, string>();
        for (var i = 0; i < match.Groups["key"].Captures.Count; i++)
            Must(parameters.TryAdd(match.Groups["key"].Captures[i].Value, match.Groups["of"].Captures[i].Value.Trim('"')), $"A parameter comes once: '{line}'.");
        return new(match.Groups["name"].Value, parameters, match.Groups["value"].Value);
    }

    private static bool Is(CalendarLine line, string name, string value) => line.Name == name && line.Value == value;

    private static void Must(bool holds, string rule)
    {
        if (!holds) throw new FormatException(rule);
    }

    // RFC 5545, 3.1: a parameter's value holds no quotation mark; unquoted, none of : ; , either.
    [GeneratedRegex("""\A(?<name>[A-Z][A-Z0-9-]*)(?:;(?<key>[A-Z][A-Z0-9-]*)=(?<of>"[^"\p{Cc}]*"|[^";:,\p{Cc}]*))*:(?<value>[^\p{Cc}]*)\z""")]
    private static partial Regex ContentLine();

    [GeneratedRegex(@"\A\d{8}T\d{6}Z\z")]
    private static partial Regex Utc();

    [GeneratedRegex(@"\Amailto:[^\s@]+@[^\s@]+\z")]
    private static partial Regex Mailto();

    [GeneratedRegex(@"\A(?:[^\\;,]|\\[\\;,nN])*\z")]
    private static partial Regex Escaped();
}
