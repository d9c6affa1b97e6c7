using System.Net;
using Alize.Web.Tests.Pages;
using Alize.Workflows.Signatures;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Tests.Shell;

/// <summary>The public page that says whether a file is the one that was signed and sealed here.</summary>
[Trait("Rule", "R8")]
public sealed class VerifyPageTests(OperatorSite site) : IClassFixture<OperatorSite>
{
    [Fact]
    public async Task A_sealed_file_is_told_with_who_signed_and_a_changed_one_is_not()
    {
        var file = await site.AskAsync(db => db.Documents.AsNoTracking().Where(d => d.Kind == ConventionSeal.Kind).Select(d => d.Content).FirstAsync(TestContext.Current.CancellationToken));
        var whole = await CheckAsync(file);
        Assert.Contains("Authentique", whole, StringComparison.Ordinal);
        Assert.Contains("Hélène Marchand", whole, StringComparison.Ordinal);
        Assert.Contains("chaîne intacte", whole, StringComparison.Ordinal);

        file[2000] ^= 1;
        var changed = await CheckAsync(file);
        Assert.Contains("Modifié", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("Hélène Marchand", changed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_before_its_signatures_is_known_and_a_stranger_is_not()
    {
        var file = await site.AskAsync(db => db.Documents.AsNoTracking().Where(d => d.Kind == "CooperationConventionDocument").Select(d => d.Content).FirstAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Inchangé", await CheckAsync(file), StringComparison.Ordinal);
        Assert.Contains("ne vient pas de ce service", await CheckAsync("%PDF-1.7 d’ailleurs"u8.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_check_is_said_in_a_sentence()
    {
        Assert.Contains("Choisissez un fichier PDF", await CheckAsync([], HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    private async Task<string> CheckAsync(byte[] file, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var anybody = new Pages.Browser(new Uri(site.Url));
        var answer = await anybody.UploadAsync(await anybody.GetAsync("/verifier"), "/verifier", file, "convention.pdf");
        Assert.Equal(expected, answer.Status);
        return answer.Text;
    }
}
