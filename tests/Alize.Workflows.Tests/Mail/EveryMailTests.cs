using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Mail;

namespace Alize.Workflows.Tests.Mail;

/// <summary>
/// Every mail of the service, in both languages, against its record in <c>Mail/Recorded</c>. After a wanted change, copy what
/// the test wrote to <c>Mail/Received</c> beside the test program over the record, and read the difference.
/// </summary>
public class EveryMailTests
{
    public static TheoryData<string, string> Mails()
    {
        var all = new TheoryData<string, string>();
        foreach (var mail in typeof(MailComposer).Assembly.GetTypes().Where(DocumentCatalogue.IsMail).OrderBy(t => t.Name, StringComparer.Ordinal))
            foreach (var language in new[] { "fr", "en" })
                all.Add(mail.Name, language);
        return all;
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void Reads_as_it_was_recorded(string mail, string language)
    {
        var fileName = $"{mail}.{language}.txt";
        var actual = Written(mail, language, isFull: true) + "\n=== without what may be missing ===\n\n" + Written(mail, language, isFull: false);

        var recorded = Path.Combine(AppContext.BaseDirectory, "Mail", "Recorded", fileName);
        var received = Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "Mail", "Received")).FullName, fileName);
        File.WriteAllText(received, actual);
        Assert.True(File.Exists(recorded), $"'{fileName}' is not recorded yet: read '{received}' and copy it to Mail/Recorded.");
        Assert.Equal(File.ReadAllText(recorded).ReplaceLineEndings("\n"), actual);
    }

    [Fact]
    public void No_template_is_without_its_record_and_no_record_is_without_both_languages()
    {
        var templates = typeof(MailComposer).Assembly.GetManifestResourceNames().Where(n => n.EndsWith("Mail.fr.md", StringComparison.Ordinal) || n.EndsWith("Mail.en.md", StringComparison.Ordinal));

        Assert.Equal(Mails().Select(row => $"{row.Data.Item1}.{row.Data.Item2}.md").Order(StringComparer.Ordinal), templates.Order(StringComparer.Ordinal));
    }

    private static string Written(string name, string language, bool isFull)
    {
        var mail = MailSamples.Of(typeof(MailComposer).Assembly.GetTypes().Single(t => t.Name == name && DocumentCatalogue.IsMail(t)), isFull);
        var person = new Contact
        {
            Id = Guid.Empty,
            ProgrammeId = Guid.Empty,
            Role = ContactRole.CommitteeMember,
            FullName = "Camille Rivière",
            Email = "camille@partner.example",
            Language = language,
            From = new(2026, 1, 1),
        };
        var composed = new MailComposer().Compose(mail, person, "ALIZÉ® Vallée de l’Ombrelle", isFull ? "Atelier bois" : null);
        var link = composed.Body.Contains(MailComposer.LinkMarker, StringComparison.Ordinal) ? "https://alize.example.org/t/jeton" : null;
        var rendered = MailRenderer.Render(composed.Body, new(language, composed.Subject, "ALIZÉ® Vallée de l’Ombrelle", person.Role, link));
        Assert.DoesNotContain("{{", rendered.Text);
        Assert.Contains("</html>", rendered.Html);
        return $"{composed.Subject}\n\n{rendered.Text}";
    }
}
