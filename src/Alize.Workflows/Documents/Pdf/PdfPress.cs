using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Markdig;
using SkiaSharp;

namespace Alize.Workflows.Documents.Pdf;

/// <summary>
/// Markdown to a PDF/A-2b file: the tree laid out on pages, fonts embedded as subsets, title, author and language said. The same
/// text under the same letterhead gives the same bytes, so that a document can be checked by its hash.
/// </summary>
public static partial class PdfPress
{
    /// <summary>Sets a text.</summary>
    public static byte[] Print(string markdown, Letterhead head)
    {
        var pages = Pages.Of(Flow.Of(Markdown.Parse(markdown, DocumentDialect.Pipeline)), Letterhead.FirstTop);
        return Finish(Draw(head, pages.Count, (canvas, i) =>
        {
            if (i == 0) head.DrawFirst(canvas);
            else head.DrawNext(canvas);
            Pages.Draw(canvas, pages[i]);
            head.DrawFoot(canvas, i + 1, pages.Count);
        }), head.Language);
    }

    /// <summary>Draws pages of A4 as a raw PDF of SkiaSharp.</summary>
    internal static byte[] Draw(Letterhead head, int pages, Action<SKCanvas, int> draw)
    {
        var metadata = new SKDocumentPdfMetadata
        {
            Title = head.Title,
            Author = head.Programme,
            Subject = head.Reference,
            Creator = "Alizé",
            Producer = "Alizé",
            Creation = head.MadeAt,
            Modified = head.MadeAt,
            PdfA = true,
            RasterDpi = 300,
            EncodingQuality = 101,
        };
        using var written = new MemoryStream();
        using (var document = SKDocument.CreatePdf(written, metadata))
        {
            for (var i = 0; i < pages; i++)
            {
                draw(document.BeginPage(PageLook.Width, PageLook.Height), i);
                document.EndPage();
            }

            document.Close();
        }

        return written.ToArray();
    }

    /// <summary>Says the language, keeps of the fonts what is used, and takes what chance put into the file out of it.</summary>
    private static byte[] Finish(byte[] raw, string language)
    {
        var file = PdfFile.Read(raw);
        var objects = new SortedDictionary<int, PdfValue>(file.Numbers.ToDictionary(n => n, file.Get));
        FontSubset.Apply(file, objects);
        var catalog = (PdfDict)objects[file.Root];
        catalog["Lang"] = PdfText.Of(language);
        catalog["ViewerPreferences"] = new PdfDict { ["DisplayDocTitle"] = new PdfRaw("true") };
        var pdf = PdfUpdate.Whole(objects, file.Trailer);
        Settle(pdf);
        return pdf;
    }

    /// <summary>
    /// PDF/A wants an identifier, for which SkiaSharp takes the clock. Here it is made of the rest of the file: the same content, the
    /// same identifier.
    /// </summary>
    private static void Settle(byte[] pdf)
    {
        var text = Encoding.Latin1.GetString(pdf);
        var found = DocumentId().Matches(text).Select(m => m.Groups[1]).Concat(FileId().Matches(text).SelectMany(m => new[] { m.Groups[1], m.Groups[2] })).ToList();
        foreach (var id in found) pdf.AsSpan(id.Index, id.Length).Fill((byte)'0');
        var hash = Convert.ToHexStringLower(SHA256.HashData(pdf))[..32];
        var uuid = $"{hash[..8]}-{hash[8..12]}-{hash[12..16]}-{hash[16..20]}-{hash[20..]}";
        foreach (var id in found) Encoding.Latin1.GetBytes(id.Length == 36 ? uuid : hash.ToUpperInvariant(), pdf.AsSpan(id.Index, id.Length));
    }

    [GeneratedRegex("uuid:([0-9a-f-]{36})</xmpMM:")]
    private static partial Regex DocumentId();

    [GeneratedRegex(@"/ID \[<([0-9A-F]{32})> <([0-9A-F]{32})>\]")]
    private static partial Regex FileId();
}
