using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Mail;

namespace Alize.Workflows.Tests.Mail;

public class MailComposerTests
{
    private static readonly MailFrame Frame = new("fr", "Sujet", "ALIZÉ®", ContactRole.CommitteeMember, null);
    private readonly MailComposer composer = new();

    [Fact]
    public void The_first_line_is_the_subject_and_the_rest_the_body()
    {
        var mail = composer.Compose(Notice("Menuiserie Aubry"), Person("fr"), "ALIZÉ®");

        Assert.Equal("Avis pour Menuiserie Aubry", mail.Subject);
        Assert.Equal(
            "Bonjour Camille Rivière,\n\nL’entreprise Menuiserie Aubry répond d’ici au 1er juin 2026 (1\u202F234,56\u00A0€).\n",
            mail.Body.Replace("\n\n\n", "\n"));
    }

    [Fact]
    public void Each_person_is_written_to_in_their_language()
    {
        Assert.Contains("by 1 June 2026", composer.Compose(Notice("Aubry"), Person("en"), "ALIZÉ®").Body);
        Assert.Contains("au 1er juin 2026", composer.Compose(Notice("Aubry"), Person("de"), "ALIZÉ®").Body);
    }

    [Theory]
    [InlineData("[Cliquez](https://mal.example)")]
    [InlineData("# Titre")]
    [InlineData("Aubry\n# Titre")]
    [InlineData("Aubry\n===")]
    [InlineData("Aubry\n---")]
    [InlineData("- point")]
    [InlineData("1. point")]
    [InlineData("> cité")]
    [InlineData("*gras* __gras__ `code`")]
    [InlineData("<https://mal.example>")]
    [InlineData("<script>alert(1)</script><b>gras</b>")]
    [InlineData("![image](https://mal.example/x.png)")]
    [InlineData("A & B &lt;C&gt; \\ D")]
    [InlineData("a | b\n--|--\nc | d")]
    [InlineData("{{link}} {{ Name }} {% raw %}")]
    [InlineData("[a]: https://mal.example\n[a]")]
    [InlineData("    code")]
    public void A_name_stays_a_name_whatever_signs_it_holds(string name)
    {
        var mail = composer.Compose(Notice(name, remark: name), Person("fr", name), "ALIZÉ®");
        var rendered = MailRenderer.Render(mail.Body, Frame with { Link = "https://alize.example.org/t/jeton" });

        var words = rendered.Html[(rendered.Html.IndexOf("ALIZÉ®</p>", StringComparison.Ordinal) + 10)..rendered.Html.IndexOf("<div class=\"foot\"", StringComparison.Ordinal)];
        foreach (var tag in new[] { "<a", "<h1", "<h2", "<ul", "<ol", "<blockquote", "<em", "<strong", "<code", "<pre", "<script", "<b>", "<img", "<table", "<hr", "jeton" })
            Assert.DoesNotContain(tag, words);
        foreach (var line in name.Split('\n')) Assert.Contains(line.Trim(), rendered.Text);
        Assert.DoesNotContain('\n', mail.Subject);
    }

    [Fact]
    public void Signs_that_turn_the_direction_of_writing_are_left_out() =>
        Assert.Equal("Avis pour Aubrytxt.exe", composer.Compose(Notice("Aubry\u202Etxt.exe\u0007"), Person("fr"), "ALIZÉ®").Subject);

    [Fact]
    public void Markdown_of_the_operator_stays_Markdown()
    {
        var body = composer.Compose(Notice("Aubry", remark: new MarkdownText("Merci de **répondre**.")), Person("fr"), "ALIZÉ®").Body;

        Assert.Contains("Merci de **répondre**.", body);
    }

    [Fact]
    public void A_placeholder_nobody_fills_is_named()
    {
        var unknown = Assert.Throws<TemplateException>(() => composer.Compose(new BrokenMail(), Person("fr"), "ALIZÉ®"));

        Assert.Contains("BrokenMail.fr.md", unknown.Message);
        Assert.Contains("Nom", unknown.Message);
    }

    [Fact]
    public void A_subject_never_holds_the_personal_link() =>
        Assert.Contains("BrokenMail.en.md", Assert.Throws<TemplateException>(() => composer.Compose(new BrokenMail(), Person("en"), "ALIZÉ®")).Message);

    [Fact]
    public void A_missing_template_is_named() =>
        Assert.Contains("TaskMail.en.md", Assert.Throws<TemplateException>(() => composer.Compose(new TaskMail(), Person("en"), "ALIZÉ®")).Message);

    private static NoticeMail Notice(string company, object? remark = null) => new(company, new(2026, 6, 1), new Money(123456), remark);

    private static Contact Person(string language, string name = "Camille Rivière") => new()
    {
        Id = Guid.NewGuid(),
        ProgrammeId = Guid.NewGuid(),
        Role = ContactRole.CommitteeMember,
        FullName = name,
        Email = "camille@partner.example",
        Language = language,
        From = new(2026, 1, 1),
    };
}
