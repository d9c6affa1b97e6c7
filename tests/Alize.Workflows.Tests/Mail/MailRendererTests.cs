using Alize.Domain.Programmes;
using Alize.Workflows.Mail;

namespace Alize.Workflows.Tests.Mail;

public class MailRendererTests
{
    private const string Link = "https://alize.example.org/t/jeton";

    [Fact]
    public void A_link_reads_label_then_address_in_the_text_part() =>
        Assert.Contains("Voir le règlement\u00A0: https://exemple.fr/r\n", Text("[Voir le règlement](https://exemple.fr/r)"));

    [Theory]
    [InlineData("[Répondre]({{link}})", "Répondre")]
    [InlineData("{{link}}", "Ouvrir ma page personnelle")]
    public void The_personal_link_alone_is_a_button_and_an_address(string body, string label)
    {
        var mail = MailRenderer.Render($"Bonjour\n\n{body}\n\nMerci", Frame("fr", Link));

        Assert.Contains($"class=\"button\" href=\"{Link}\"", mail.Html);
        Assert.Contains($">{label}</a>", mail.Html);
        Assert.Contains($"\n\n{label}\u00A0: {Link}\n\n", mail.Text);
        Assert.Contains("vous est personnel", mail.Text);
    }

    [Theory]
    [InlineData("fr", "Pièce jointe\u00A0: Compte rendu.pdf", "Pièces jointes\u00A0: Compte rendu.pdf, Annexe.pdf")]
    [InlineData("en", "Attached: Compte rendu.pdf", "Attached: Compte rendu.pdf, Annexe.pdf")]
    public void What_goes_with_the_mail_is_named_in_both_parts(string language, string one, string two)
    {
        foreach (var (files, line) in new (string[], string)[] { (["Compte rendu.pdf"], one), (["Compte rendu.pdf", "Annexe.pdf"], two) })
        {
            var mail = MailRenderer.Render("Bonjour", Frame(language, null) with { Attachments = files });
            Assert.Contains($"Bonjour\n\n{line}\n\n-- \n", mail.Text);
            Assert.Contains($">{line}</p>", mail.Html);
        }
    }

    [Fact]
    public void Another_link_is_no_button() =>
        Assert.DoesNotContain("class=\"button\"", MailRenderer.Render("[Voir](https://exemple.fr/r)", Frame("fr", Link)).Html);

    [Fact]
    public void Raw_HTML_is_shown_as_text()
    {
        var mail = MailRenderer.Render("<script>alert(1)</script>\n\n<b>gras</b>", Frame("fr", null));

        Assert.DoesNotContain("<script", mail.Html);
        Assert.DoesNotContain("<b>", mail.Html);
        Assert.Contains("<b>gras</b>", mail.Text);
    }

    [Fact]
    public void A_programme_is_never_HTML()
    {
        var mail = MailRenderer.Render("Bonjour", new("fr", "A </title><script>", "<script>x</script>", null, null));

        Assert.DoesNotContain("<script", mail.Html);
    }

    [Fact]
    public void French_spaces_stay_where_they_are()
    {
        var mail = MailRenderer.Render("Montant\u00A0: 1\u202F234,56\u00A0€ « dû »", Frame("fr", null));

        Assert.Contains("Montant\u00A0: 1\u202F234,56\u00A0€ « dû »", mail.Text);
        Assert.Contains("Montant\u00A0: 1\u202F234,56\u00A0€ « dû »", mail.Html);
    }

    [Fact]
    public void Lists_headings_quotes_and_tables_read_well_as_text() => Assert.StartsWith(
        """
        Ordre du jour
        -------------

        1. Accueil
        2. Dossier Aubry
           - Avance
           - Jours de compétences

        > Une phrase
        > citée

        Échéance | Montant
        10 juin | 500 €

        -- 
        """.ReplaceLineEndings("\n"),
        Text("## Ordre du jour\n\n1. Accueil\n2. Dossier **Aubry**\n   - Avance\n   - Jours de compétences\n\n> Une phrase\\\n> citée\n\n| Échéance | Montant |\n|--|--|\n| 10 juin | 500 € |\n"));

    [Theory]
    [InlineData("fr", "Vous recevez ce message parce que vous êtes membre du comité d’agrément (ALIZÉ®).")]
    [InlineData("en", "You receive this message because you are a member of the approval committee (ALIZÉ®).")]
    public void The_foot_says_why_one_gets_the_mail(string language, string why)
    {
        var mail = MailRenderer.Render("x", Frame(language, null));

        Assert.Contains(why, mail.Text);
        Assert.Contains(why, mail.Html);
        Assert.Contains($"<html lang=\"{language}\">", mail.Html);
    }

    [Fact]
    public void Every_role_has_its_sentence_in_both_languages()
    {
        foreach (var role in Enum.GetValues<ContactRole>())
            foreach (var language in new[] { "fr", "en" })
                Assert.Contains("ALIZÉ®", MailRenderer.Render("x", new(language, "s", "ALIZÉ®", role, null)).Text);
    }

    private static MailFrame Frame(string language, string? link) => new(language, "Sujet", "ALIZÉ®", ContactRole.CommitteeMember, link);

    private static string Text(string body) => MailRenderer.Render(body, Frame("fr", null)).Text;
}
