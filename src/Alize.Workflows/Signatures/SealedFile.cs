using System.Security.Cryptography.X509Certificates;
using System.Text;
using Alize.Workflows.Documents.Pdf;
using SkiaSharp;

namespace Alize.Workflows.Signatures;

/// <summary>
/// The sealed convention: the very bytes that were signed, then, as one update of the PDF, the initials on each of its pages, the pages
/// of evidence, and the seal over all. The hash of its first bytes is the one every signatory saw.
/// </summary>
internal static class SealedFile
{
    /// <param name="signed">The document that was signed.</param>
    /// <param name="evidence">The dossier de preuve, Markdown.</param>
    /// <param name="head">Head of the evidence's pages.</param>
    /// <param name="initials">The line of initials for each page.</param>
    /// <param name="certificate">Whose seal.</param>
    /// <param name="by">Name of who seals.</param>
    public static byte[] Make(byte[] signed, string evidence, Letterhead head, string initials, X509Certificate2 certificate, string by)
    {
        var file = PdfFile.Read(signed);
        var pages = file.Pages();
        var (bytes, evidencePages) = PdfPress.PrintWithOverlays(evidence, head, pages.Count, canvas => DrawInitials(canvas, initials));
        var extra = PdfFile.Read(bytes);
        var extraPages = extra.Pages();
        var update = new PdfUpdate(file);
        var carried = new Dictionary<int, int>();
        int Carry(int number)
        {
            if (carried.TryGetValue(number, out var known)) return known;
            var next = carried[number] = update.Reserve();
            update.Set(next, extra.Get(number).Moved(Carry));
            return next;
        }

        for (var i = 0; i < pages.Count; i++)
            update.Set(pages[i], WithOverlay(file, pages[i], update, Overlay(extra, extraPages[evidencePages + i], Carry)));

        var root = ((PdfRef)file.Catalog["Pages"]!).Number;
        var added = extraPages.Take(evidencePages).Select(number =>
        {
            var page = ((PdfDict)extra.Get(number)).Copy();
            foreach (var name in new[] { "Parent", "StructParents", "Tabs" }) page[name] = null;
            var moved = (PdfDict)page.Moved(Carry);
            moved["Parent"] = new PdfRef(root);
            return (Number: update.Reserve(), Page: moved);
        }).ToList();

        var catalog = file.Catalog.Copy();
        PdfSeal.Prepare(update, catalog, added[0].Number, added[0].Page, by, "Convention signée par tous ses signataires", head.MadeAt);
        foreach (var (number, page) in added) update.Set(number, page);
        var tree = ((PdfDict)file.Get(root)).Copy();
        tree["Kids"] = new PdfArray([.. ((PdfArray)file.Follow(tree["Kids"]!)).Items, .. added.Select(a => new PdfRef(a.Number))]);
        tree["Count"] = PdfRaw.Of(pages.Count + added.Count);
        update.Set(root, tree);
        update.Set(file.Root, catalog);
        return PdfSeal.Close(update.Write(), certificate);
    }

    /// <summary>A document as it is, with the seal over it as an update that adds nothing to be seen.</summary>
    public static byte[] Around(byte[] pdf, X509Certificate2 certificate, string by, string reason, DateTime at)
    {
        var file = PdfFile.Read(pdf);
        var last = file.Pages()[^1];
        var (page, catalog, update) = (((PdfDict)file.Get(last)).Copy(), file.Catalog.Copy(), new PdfUpdate(file));
        PdfSeal.Prepare(update, catalog, last, page, by, reason, at);
        update.Set(last, page);
        update.Set(file.Root, catalog);
        return PdfSeal.Close(update.Write(), certificate);
    }

    private static PdfStream Overlay(PdfFile extra, int number, Func<int, int> carry)
    {
        var page = (PdfDict)extra.Get(number);
        var drawn = (PdfStream)extra.Follow(page["Contents"]!);
        var form = new PdfDict
        {
            ["Type"] = new PdfRaw("/XObject"),
            ["Subtype"] = new PdfRaw("/Form"),
            ["BBox"] = page["MediaBox"]!,
            ["Resources"] = extra.Follow(page["Resources"]!).Moved(carry),
        };
        if (drawn.Dict["Filter"] is { } filter) form["Filter"] = filter;
        return new(form, drawn.Bytes);
    }

    private static PdfDict WithOverlay(PdfFile file, int number, PdfUpdate update, PdfStream overlay)
    {
        const string Name = "AlizeInitials";
        var page = ((PdfDict)file.Get(number)).Copy();
        var resources = ((PdfDict)file.Follow(page["Resources"]!)).Copy();
        var objects = resources["XObject"] is { } known ? ((PdfDict)file.Follow(known)).Copy() : new PdfDict();
        objects[Name] = update.Add(overlay);
        resources["XObject"] = objects;
        page["Resources"] = resources;
        IReadOnlyList<PdfValue> contents = page["Contents"] is PdfArray several ? several.Items : [page["Contents"]!];

        // The page's own drawing is put aside first: whatever it leaves set must not move the initials.
        page["Contents"] = new PdfArray([update.Add(Text("q")), .. contents, update.Add(Text($"Q q /{Name} Do Q"))]);
        return page;
    }

    private static PdfStream Text(string operators) => new(new PdfDict(), Encoding.ASCII.GetBytes(operators));

    private static void DrawInitials(SKCanvas canvas, string initials)
    {
        var style = PageLook.Small with { IsItalic = true, Color = PageLook.Accent };
        var width = DocumentFonts.Shape(initials, style).Width;
        Letterhead.Write(canvas, initials, style, Math.Max(PageLook.Left, PageLook.Right - width), PageLook.InitialsLine);
    }
}
