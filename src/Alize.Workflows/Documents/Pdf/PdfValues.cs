using System.Globalization;
using System.Text;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>A value of a PDF file (ISO 32000-1, 7.3), as much of it as changing our own files needs.</summary>
internal abstract record PdfValue
{
    public abstract void Write(StringBuilder text);

    /// <summary>The value with every reference moved to another number: an object carried from one file into another.</summary>
    public virtual PdfValue Moved(Func<int, int> number) => this;

    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }
}

/// <summary>A number, a name, a boolean, a string: whatever is written back as it was read.</summary>
internal sealed record PdfRaw(string Text) : PdfValue
{
    public static PdfRaw Of(long number) => new(number.ToString(CultureInfo.InvariantCulture));

    public override void Write(StringBuilder text) => text.Append(Text);
}

/// <summary>Strings, made for writing.</summary>
internal static class PdfText
{
    /// <summary>Any text, as UTF-16 in hex; ASCII as it is.</summary>
    public static PdfRaw Of(string text) => text.All(c => c is >= ' ' and < '\u007F' and not ('(' or ')' or '\\'))
        ? new($"({text})")
        : new($"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>");
}

/// <summary>A reference to an object. Generations other than 0 are not written by anybody who makes our files.</summary>
internal sealed record PdfRef(int Number) : PdfValue
{
    public override void Write(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"{Number} 0 R");

    public override PdfValue Moved(Func<int, int> number) => new PdfRef(number(Number));
}

/// <summary>An array.</summary>
internal sealed record PdfArray(IReadOnlyList<PdfValue> Items) : PdfValue
{
    public override void Write(StringBuilder text) => text.Append('[').AppendJoin(' ', Items).Append(']');

    public override PdfValue Moved(Func<int, int> number) => new PdfArray([.. Items.Select(i => i.Moved(number))]);
}

/// <summary>A dictionary, in the order it was written; names without their slash.</summary>
internal sealed record PdfDict : PdfValue
{
    private readonly List<KeyValuePair<string, PdfValue>> entries = [];

    public IEnumerable<KeyValuePair<string, PdfValue>> Entries => entries;

    public PdfValue? this[string name]
    {
        get => entries.FirstOrDefault(e => e.Key == name).Value;
        set
        {
            var at = entries.FindIndex(e => e.Key == name);
            if (value is null)
            {
                if (at >= 0) entries.RemoveAt(at);
            }
            else if (at >= 0) entries[at] = new(name, value);
            else entries.Add(new(name, value));
        }
    }

    public PdfDict Copy()
    {
        var copy = new PdfDict();
        copy.entries.AddRange(entries);
        return copy;
    }

    public override void Write(StringBuilder text)
    {
        text.Append("<<");
        foreach (var (name, value) in entries)
        {
            text.Append('/').Append(name).Append(' ');
            value.Write(text);
            text.Append('\n');
        }

        text.Append(">>");
    }

    public override PdfValue Moved(Func<int, int> number)
    {
        var moved = new PdfDict();
        moved.entries.AddRange(entries.Select(e => KeyValuePair.Create(e.Key, e.Value.Moved(number))));
        return moved;
    }
}

/// <summary>A stream: its dictionary and its bytes, as filtered as they are.</summary>
internal sealed record PdfStream(PdfDict Dict, byte[] Bytes) : PdfValue
{
    public override void Write(StringBuilder text)
    {
        var dict = Dict.Copy();
        dict["Length"] = PdfRaw.Of(Bytes.Length);
        dict.Write(text);

        // Latin-1 both ways: each byte is one char until the file is written.
        text.Append("\nstream\n").Append(Encoding.Latin1.GetString(Bytes)).Append("\nendstream");
    }

    public override PdfValue Moved(Func<int, int> number) => new PdfStream((PdfDict)Dict.Moved(number), Bytes);
}
