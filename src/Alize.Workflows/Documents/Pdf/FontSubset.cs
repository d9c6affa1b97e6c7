using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>
/// Takes out of an embedded TrueType font the outlines no page uses. SkiaSharp embeds whole fonts, 330 KB each; numbers of glyphs
/// stay, so that nothing else in the file changes (OpenType, tables <c>glyf</c> and <c>loca</c>).
/// </summary>
internal static partial class FontSubset
{
    // What a PDF reader needs of a font whose glyphs are named by number (ISO 32000-1, 9.9).
    private static readonly string[] Kept = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];

    /// <summary>Every font of a file, replaced by what is used of it.</summary>
    public static void Apply(PdfFile file, SortedDictionary<int, PdfValue> objects)
    {
        foreach (var font in objects.Values.OfType<PdfDict>().Where(d => d["ToUnicode"] is PdfRef && d["DescendantFonts"] is PdfArray).ToList())
        {
            var descendant = (PdfDict)file.Follow(((PdfArray)font["DescendantFonts"]!).Items[0]);
            var descriptor = (PdfDict)file.Follow(descendant["FontDescriptor"]!);
            if (descriptor["FontFile2"] is not PdfRef program) continue;
            var used = GlyphsIn(Encoding.Latin1.GetString(Inflate((PdfStream)file.Follow(font["ToUnicode"]!))));
            var subset = Subset(Inflate((PdfStream)file.Get(program.Number)), used);
            objects[program.Number] = new PdfStream(
                new() { ["Filter"] = new PdfRaw("/FlateDecode"), ["Length1"] = PdfRaw.Of(subset.Length) }, Deflate(subset));
        }
    }

    public static byte[] Deflate(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) stream.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Inflate(PdfStream stream)
    {
        if (stream.Dict["Filter"] is null) return stream.Bytes;
        using var unpacked = new ZLibStream(new MemoryStream(stream.Bytes), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The numbers a ToUnicode map names are the glyphs that are drawn.</summary>
    private static SortedSet<int> GlyphsIn(string map)
    {
        var glyphs = new SortedSet<int> { 0 };
        foreach (Match section in Section().Matches(map))
            foreach (Match entry in (section.Groups[1].Value == "char" ? Single() : Range()).Matches(section.Groups[2].Value))
            {
                var first = Hex(entry.Groups[1]);
                var last = section.Groups[1].Value == "char" ? first : Hex(entry.Groups[2]);
                for (var glyph = first; glyph <= last; glyph++) glyphs.Add(glyph);
            }

        return glyphs;
    }

    private static byte[] Subset(byte[] font, SortedSet<int> used)
    {
        var tables = Enumerable.Range(0, U16(font, 4)).Select(i => 12 + (16 * i)).ToDictionary(
            at => Encoding.ASCII.GetString(font, at, 4), at => font.AsMemory((int)U32(font, at + 8), (int)U32(font, at + 12)).ToArray());
        var isLong = U16(tables["head"], 50) == 1;
        var count = U16(tables["maxp"], 4);
        var loca = tables["loca"];
        int Offset(int glyph) => isLong ? (int)U32(loca, 4 * glyph) : 2 * U16(loca, 2 * glyph);

        var all = tables["glyf"];
        for (var waiting = new Queue<int>(used); waiting.TryDequeue(out var glyph);)
            foreach (var part in Parts(all.AsSpan(Offset(glyph), Offset(glyph + 1) - Offset(glyph))))
                if (used.Add(part)) waiting.Enqueue(part);

        using var outlines = new MemoryStream();
        var offsets = new byte[4 * (count + 1)];
        for (var glyph = 0; glyph <= count; glyph++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(offsets.AsSpan(4 * glyph), (uint)outlines.Length);
            if (glyph == count || !used.Contains(glyph)) continue;
            outlines.Write(all, Offset(glyph), Offset(glyph + 1) - Offset(glyph));
            while (outlines.Length % 4 != 0) outlines.WriteByte(0);
        }

        tables["glyf"] = outlines.ToArray();
        tables["loca"] = offsets;
        BinaryPrimitives.WriteUInt16BigEndian(tables["head"].AsSpan(50), 1);
        BinaryPrimitives.WriteUInt32BigEndian(tables["head"].AsSpan(8), 0);
        var whole = Assemble(tables);

        // The sum of the whole font, so that a reader that checks it finds it right.
        var head = 12 + (16 * Kept.Where(tables.ContainsKey).ToList().IndexOf("head"));
        BinaryPrimitives.WriteUInt32BigEndian(whole.AsSpan((int)U32(whole, head + 8) + 8), unchecked(0xB1B0AFBA - Sum(whole)));
        return whole;
    }

    /// <summary>Glyphs a composed one is made of: « é » is « e » and an accent.</summary>
    private static List<int> Parts(ReadOnlySpan<byte> glyph)
    {
        var parts = new List<int>();
        if (glyph.Length < 10 || (short)BinaryPrimitives.ReadUInt16BigEndian(glyph) >= 0) return parts;
        const int Words = 0x0001, Scale = 0x0008, More = 0x0020, TwoScales = 0x0040, Matrix = 0x0080;
        for (var at = 10; ;)
        {
            var flags = BinaryPrimitives.ReadUInt16BigEndian(glyph[at..]);
            parts.Add(BinaryPrimitives.ReadUInt16BigEndian(glyph[(at + 2)..]));
            at += 4 + ((flags & Words) != 0 ? 4 : 2) + ((flags & Scale) != 0 ? 2 : (flags & TwoScales) != 0 ? 4 : (flags & Matrix) != 0 ? 8 : 0);
            if ((flags & More) == 0) return parts;
        }
    }

    private static byte[] Assemble(Dictionary<string, byte[]> tables)
    {
        var kept = Kept.Where(tables.ContainsKey).ToList();
        var start = 12 + (16 * kept.Count);
        var font = new byte[start + kept.Sum(name => Padded(tables[name].Length))];
        BinaryPrimitives.WriteUInt32BigEndian(font, 0x00010000);
        var power = (int)Math.Floor(Math.Log2(kept.Count));
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(4), (ushort)kept.Count);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(6), (ushort)(16 << power));
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(8), (ushort)power);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(10), (ushort)((16 * kept.Count) - (16 << power)));
        for (var i = 0; i < kept.Count; i++)
        {
            var table = tables[kept[i]];
            table.CopyTo(font.AsSpan(start));
            var entry = font.AsSpan(12 + (16 * i));
            Encoding.ASCII.GetBytes(kept[i], entry);
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Sum(font.AsSpan(start, Padded(table.Length))));
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)start);
            BinaryPrimitives.WriteUInt32BigEndian(entry[12..], (uint)table.Length);
            start += Padded(table.Length);
        }

        return font;
    }

    private static int Padded(int length) => (length + 3) & ~3;

    private static uint Sum(ReadOnlySpan<byte> words)
    {
        uint sum = 0;
        for (var i = 0; i + 4 <= words.Length; i += 4) sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(words[i..]));
        return sum;
    }

    private static int U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));

    private static int Hex(Group group) => int.Parse(group.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex("beginbf(char|range)(.*?)endbf", RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex("<([0-9A-Fa-f]+)> <[0-9A-Fa-f]+>")]
    private static partial Regex Single();

    [GeneratedRegex("<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)> <[0-9A-Fa-f]+>")]
    private static partial Regex Range();
}
