using System.Text.RegularExpressions;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Documents.Pdf;
using SkiaSharp;

namespace Alize.Workflows.Tests.Documents;

/// <summary>The files, as a reader that is not ours sees them.</summary>
public partial class PdfPressTests
{
    private static readonly Letterhead Head = new(
        "Convention d’essai", "ALIZÉ® Vallée de l’Ombrelle", "Vallée de l’Ombrelle", "2026-003", new(2026, 3, 16, 9, 0, 0, DateTimeKind.Utc),
        [new("ASTREES"), new("Agence nationale de la cohésion des territoires"), new("Caisse des dépôts")]);

    private static readonly Programme Territory = new() { Id = Guid.Empty, Slug = "o", Name = "ALIZÉ® Vallée de l’Ombrelle", Territory = "Vallée de l’Ombrelle", SignedOn = new(2026, 1, 5) };

    public static TheoryData<string> Documents() => [.. DocumentCatalogue.All.Where(k => !k.IsMail).Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Each_document_opens_with_its_fonts_its_title_and_the_names_of_article_7(string name)
    {
        var pdf = Print(DocumentCatalogue.Find(name)!, out var filled);

        var about = await Poppler.AskAsync("pdfinfo", pdf);
        Assert.Matches($"Title: +{Regex.Escape(filled.Title)}", about);
        Assert.Contains("Author:          ALIZÉ® Vallée de l’Ombrelle", about, StringComparison.Ordinal);
        Assert.DoesNotContain("Syntax Error", about, StringComparison.Ordinal);
        var fonts = (await Poppler.AskAsync("pdffonts", pdf)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToList();
        Assert.NotEmpty(fonts);
        Assert.All(fonts, font => Assert.Matches(@"\+Lato.* yes yes yes ", font));   // embedded, subset, with its letters
        Assert.Contains("/Lang (fr-FR)", System.Text.Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);
        Assert.Contains("<pdfaid:part>2</pdfaid:part>", System.Text.Encoding.Latin1.GetString(pdf), StringComparison.Ordinal);
        Assert.True(pdf.Length < 150_000, $"{pdf.Length} bytes: is the whole font in it?");
        var text = await Poppler.TextAsync(pdf);
        foreach (var owner in Head.Emblems) Assert.Contains(owner.Name, text, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        Assert.DoesNotContain("**", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_convention_names_its_amounts_and_its_signatories_and_counts_its_pages()
    {
        var text = await Poppler.TextAsync(Print(DocumentCatalogue.Find("CooperationConventionDocument.fr")!, out _));

        foreach (var words in new[] { "30 000,00 €", "36 mois", "Tournerie des Aulnes", "412 345 670 00019", "Hélène Marchand", "Karim Benali", "« l’entreprise »", "6 300,00 €" })
            Assert.Contains(words, text, StringComparison.Ordinal);
        var pages = int.Parse(PageNumber().Match(text).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        for (var page = 1; page <= pages; page++) Assert.Contains($"page {page} sur {pages}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_text_gives_the_same_bytes_and_one_letter_others()
    {
        const string Text = "# Titre\n\nUn paragraphe.\n";
        Assert.Equal(PdfPress.Print(Text, Head), PdfPress.Print(Text, Head));
        Assert.NotEqual(PdfPress.Print(Text, Head), PdfPress.Print(Text.Replace("Un", "Le", StringComparison.Ordinal), Head));
    }

    [Fact]
    public async Task A_table_that_goes_on_shows_its_head_on_each_page()
    {
        var rows = string.Concat(Enumerable.Range(1, 90).Select(i => $"| {i} | ligne {i} |\n"));
        var text = await Poppler.TextAsync(PdfPress.Print($"| Rang | Intitulé |\n|---:|:---|\n{rows}", Head));

        var pages = int.Parse(PageNumber().Match(text).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(pages > 2);
        Assert.Equal(pages, Regex.Count(text, "Rang Intitulé"));
    }

    [Fact]
    public async Task No_line_begins_with_a_sign_that_French_typography_ties_to_the_word_before()
    {
        var sentences = string.Join(' ', Enumerable.Range(1, 60).Select(i => $"Est-ce « vrai » ? Oui : {i} % en {i} 000 € !"));
        var lines = (await Poppler.AskAsync("pdftotext", PdfPress.Print(sentences + "\n", Head), "-layout")).Split('\n');

        Assert.True(lines.Length > 20);
        Assert.All(lines, line => Assert.DoesNotMatch("^ *[?!:»%€]", line));
        Assert.All(lines, line => Assert.DoesNotMatch("« *$", line));
    }

    [Fact]
    public async Task No_heading_ends_a_page_and_no_line_of_a_paragraph_stands_alone()
    {
        // Pages of every fill: wherever a page ends, the rules hold.
        foreach (var lines in Enumerable.Range(36, 8))
        {
            var filling = string.Concat(Enumerable.Range(1, lines).Select(i => $"- point {i}\n"));
            var paragraph = string.Join(' ', Enumerable.Repeat("suite du texte", 40));
            var pdf = PdfPress.Print($"{filling}\n## Un titre\n\n{paragraph} fin.\n", Head);
            var pages = (await Poppler.AskAsync("pdftotext", pdf, "-layout")).Split('\f');
            foreach (var page in pages)
            {
                var own = page.Split('\n').Where(l => l.Contains("suite du", StringComparison.Ordinal) || l.Contains("texte", StringComparison.Ordinal) && l.Contains("suite", StringComparison.Ordinal)).ToList();
                Assert.NotEqual(1, own.Count);
                if (page.Contains("Un titre", StringComparison.Ordinal)) Assert.True(own.Count >= 2, page);
            }
        }
    }

    [Fact]
    public async Task A_logo_stands_for_a_name_and_what_is_no_image_is_refused()
    {
        using var bitmap = new SKBitmap(200, 80);
        bitmap.Erase(SKColors.Teal);
        var png = SKImage.FromBitmap(bitmap).Encode(SKEncodedImageFormat.Png, 100).ToArray();

        Assert.True(DocumentImages.IsUsable(png));
        Assert.False(DocumentImages.IsUsable("<svg/>"u8.ToArray()));
        Assert.False(DocumentImages.IsUsable(png[..20]));
        var pdf = PdfPress.Print("Texte.\n", Head with { Emblems = [new("Caisse des dépôts", png)] });
        Assert.Contains("image", await Poppler.AskAsync("pdfimages", pdf, "-list"), StringComparison.Ordinal);
    }

    private static byte[] Print(TemplateKind kind, out FilledText filled)
    {
        filled = new Templates(null!, null!, new ProgrammeClock(TimeProvider.System)).Fill(kind, kind.Shipped, kind.Samples[0], Territory);
        return PdfPress.Print(filled.Markdown, Head with { Title = filled.Title });
    }

    [GeneratedRegex(@"page 1 sur (\d+)")]
    private static partial Regex PageNumber();
}
