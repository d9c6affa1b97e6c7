using System.Globalization;
using System.Text;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>
/// An incremental update (ISO 32000-1, 7.5.6): what is new stands after the file, which stays byte for byte the beginning of the
/// new one.
/// </summary>
internal sealed class PdfUpdate(PdfFile file)
{
    private readonly SortedDictionary<int, PdfValue> changed = [];

    private int next = file.Size;

    public int Reserve() => next++;

    public void Set(int number, PdfValue value) => changed[number] = value;

    public PdfRef Add(PdfValue value)
    {
        var number = Reserve();
        Set(number, value);
        return new(number);
    }

    public byte[] Write()
    {
        var trailer = file.Trailer.Copy();
        trailer["Size"] = PdfRaw.Of(next);
        trailer["Prev"] = PdfRaw.Of(file.LastTable);
        return [.. file.Bytes, .. Objects(changed, trailer, "\n", file.Bytes.Length)];
    }

    /// <summary>A whole file of objects, without anything before it.</summary>
    public static byte[] Whole(SortedDictionary<int, PdfValue> objects, PdfDict trailer) => Objects(objects, trailer, "%PDF-1.7\n%\u00E2\u00E3\u00CF\u00D3\n", 0);

    private static byte[] Objects(SortedDictionary<int, PdfValue> objects, PdfDict trailer, string begin, int at)
    {
        var text = new StringBuilder(begin);
        var offsets = new Dictionary<int, int>();
        foreach (var (number, value) in objects)
        {
            offsets[number] = at + text.Length;
            text.Append(CultureInfo.InvariantCulture, $"{number} 0 obj\n");
            value.Write(text);
            text.Append("\nendobj\n");
        }

        var table = at + text.Length;
        text.Append("xref\n");
        if (at == 0) text.Append("0 1\n0000000000 65535 f \n");
        foreach (var (first, count) in Sections([.. objects.Keys]))
        {
            text.Append(CultureInfo.InvariantCulture, $"{first} {count}\n");
            for (var i = first; i < first + count; i++) text.Append(CultureInfo.InvariantCulture, $"{offsets[i]:0000000000} 00000 n \n");
        }

        text.Append("trailer\n");
        trailer.Write(text);
        text.Append(CultureInfo.InvariantCulture, $"\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private static IEnumerable<(int First, int Count)> Sections(IReadOnlyList<int> numbers)
    {
        for (var i = 0; i < numbers.Count;)
        {
            var count = 1;
            while (i + count < numbers.Count && numbers[i + count] == numbers[i] + count) count++;
            yield return (numbers[i], count);
            i += count;
        }
    }
}
