using System.Globalization;
using System.Text;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>
/// A PDF file as its objects. Reads what this service writes: classical cross-reference tables and updates after them; it is no
/// reader for files of others.
/// </summary>
internal sealed class PdfFile
{
    private readonly string text;
    private readonly Dictionary<int, int> offsets = [];

    private PdfFile(byte[] bytes)
    {
        Bytes = bytes;
        text = Encoding.Latin1.GetString(bytes);
        LastTable = StartOfTable();
        Trailer = ReadTables(LastTable);
    }

    public byte[] Bytes { get; }

    /// <summary>Offset of the newest cross-reference table.</summary>
    public int LastTable { get; }

    public PdfDict Trailer { get; }

    /// <summary>One more than the greatest number of an object.</summary>
    public int Size => int.Parse(((PdfRaw)Trailer["Size"]!).Text, CultureInfo.InvariantCulture);

    public int Root => ((PdfRef)Trailer["Root"]!).Number;

    public PdfDict Catalog => (PdfDict)Get(Root);

    public IEnumerable<int> Numbers => offsets.Keys.Order();

    /// <exception cref="FormatException">Not a file of this service.</exception>
    public static PdfFile Read(byte[] bytes) => new(bytes);

    public PdfValue Get(int number)
    {
        if (!offsets.TryGetValue(number, out var offset)) throw new FormatException($"The PDF has no object {number}.");
        var reader = new PdfReader(text, offset);
        reader.Expect(number.ToString(CultureInfo.InvariantCulture));
        reader.Expect("0");
        reader.Expect("obj");
        var value = reader.Value();
        if (value is not PdfDict dict || !reader.TryExpect("stream")) return value;
        var start = reader.AfterLineEnd();
        var length = int.Parse(((PdfRaw)Follow(dict["Length"]!)).Text, CultureInfo.InvariantCulture);
        return new PdfStream(dict, Bytes.AsSpan(start, length).ToArray());
    }

    public PdfValue Follow(PdfValue value) => value is PdfRef reference ? Get(reference.Number) : value;

    /// <summary>Numbers of the pages' objects, in order.</summary>
    public IReadOnlyList<int> Pages() => [.. PagesOf(((PdfRef)Catalog["Pages"]!).Number)];

    private IEnumerable<int> PagesOf(int number)
    {
        var node = (PdfDict)Get(number);
        if (node["Kids"] is not { } kids) return [number];
        return ((PdfArray)Follow(kids)).Items.SelectMany(kid => PagesOf(((PdfRef)kid).Number));
    }

    private int StartOfTable()
    {
        var at = text.LastIndexOf("startxref", StringComparison.Ordinal);
        if (at < 0) throw new FormatException("The PDF has no startxref.");
        var reader = new PdfReader(text, at);
        reader.Expect("startxref");
        return reader.Number();
    }

    private PdfDict ReadTables(int table)
    {
        PdfDict? newest = null;
        for (int? next = table; next is { } at;)
        {
            var reader = new PdfReader(text, at);
            reader.Expect("xref");
            while (!reader.TryExpect("trailer"))
            {
                var first = reader.Number();
                var count = reader.Number();
                for (var i = 0; i < count; i++)
                {
                    var offset = reader.Number();
                    reader.Number();

                    // The newest table comes first: what an update wrote hides what was there before.
                    if (reader.TryExpect("n")) offsets.TryAdd(first + i, offset);
                    else reader.Expect("f");
                }
            }

            var trailer = (PdfDict)reader.Value();
            newest ??= trailer;
            next = trailer["Prev"] is PdfRaw previous ? int.Parse(previous.Text, CultureInfo.InvariantCulture) : null;
        }

        return newest!;
    }
}

/// <summary>Reads values one after another.</summary>
internal sealed class PdfReader(string text, int at)
{
    private const string Delimiters = "()<>[]{}/%";

    public void Expect(string word)
    {
        if (!TryExpect(word)) throw new FormatException($"The PDF should have '{word}' at offset {at}.");
    }

    public bool TryExpect(string word)
    {
        SkipSpace();
        if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) return false;
        at += word.Length;
        return true;
    }

    public int Number() => int.Parse(Token(), CultureInfo.InvariantCulture);

    /// <summary>A stream's bytes begin after the end of its keyword's line.</summary>
    public int AfterLineEnd()
    {
        if (at < text.Length && text[at] == '\r') at++;
        if (at < text.Length && text[at] == '\n') at++;
        return at;
    }

    public PdfValue Value()
    {
        SkipSpace();
        if (TryExpect("<<")) return Dict();
        if (TryExpect("[")) return Array();
        if (text[at] == '(') return new PdfRaw(Literal());
        if (text[at] == '<')
        {
            var end = text.IndexOf('>', at) + 1;
            var hex = text[at..end];
            at = end;
            return new PdfRaw(hex);
        }

        var token = text[at] == '/' ? "/" + Name() : Token();
        if (!token.All(char.IsAsciiDigit)) return new PdfRaw(token);

        // « 12 0 R » is a reference, « 12 0 » two numbers.
        var back = at;
        SkipSpace();
        if (TryExpect("0 R") && (at >= text.Length || !char.IsAsciiLetterOrDigit(text[at]))) return new PdfRef(int.Parse(token, CultureInfo.InvariantCulture));
        at = back;
        return new PdfRaw(token);
    }

    private PdfDict Dict()
    {
        var dict = new PdfDict();
        while (!TryExpect(">>"))
        {
            SkipSpace();
            dict[Name()] = Value();
        }

        return dict;
    }

    private PdfArray Array()
    {
        var items = new List<PdfValue>();
        while (!TryExpect("]")) items.Add(Value());
        return new(items);
    }

    private string Name()
    {
        if (text[at] != '/') throw new FormatException($"The PDF should have a name at offset {at}.");
        at++;
        return Token();
    }

    private string Token()
    {
        SkipSpace();
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] != '\0' && !Delimiters.Contains(text[at], StringComparison.Ordinal)) at++;
        return at > start ? text[start..at] : throw new FormatException($"The PDF should have a value at offset {at}.");
    }

    private string Literal()
    {
        var start = at;
        for (var depth = 0; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == '(') depth++;
            else if (text[at] == ')' && --depth == 0)
            {
                at++;
                return text[start..at];
            }
        }

        throw new FormatException($"The PDF has a string without end at offset {start}.");
    }

    private void SkipSpace()
    {
        while (at < text.Length && (text[at] is ' ' or '\n' or '\r' or '\t' or '\f' or '\0' || text[at] == '%'))
        {
            if (text[at] == '%') while (at < text.Length && text[at] is not ('\n' or '\r')) at++;
            else at++;
        }
    }
}
