using Alize.Domain;
using Alize.Workflows.Mail;

namespace Alize.Workflows.Tests.Mail;

public class DevelopmentMailboxTests
{
    [Fact]
    public async Task Shows_the_newest_first_with_both_parts()
    {
        await using var world = await MailWorld.WithFolderAsync();
        var person = await world.PersonAsync();
        foreach (var company in new[] { "Aubry", "Benoît", "Cordier" })
        {
            await world.PostAsync(new NoticeMail(company, new(2026, 6, 1), Money.Euros(10)), person, company);
            await world.SendAsync();
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var newest = world.Mailbox.List(2);

        Assert.Equal(["Avis pour Cordier", "Avis pour Benoît"], newest.Select(m => m.Subject));
        var found = world.Mailbox.Find(newest[0].Id);
        Assert.NotNull(found);
        Assert.Equal((newest[0].Id, newest[0].Text, newest[0].Html), (found.Id, found.Text, found.Html));
        Assert.Contains("Bonjour Camille Rivière", newest[0].Text);
        Assert.Contains("<html lang=\"fr\">", newest[0].Html);
        Assert.Equal(MailWorld.Start.AddSeconds(2), newest[0].SentAt);
        Assert.Contains("camille@partner.example", newest[0].To);
        Assert.Empty(newest[0].Attachments);
    }

    [Fact]
    public async Task Is_empty_before_the_first_mail()
    {
        await using var world = await MailWorld.WithFolderAsync();

        Assert.Empty(world.Mailbox.List(10));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("..\\secret")]
    [InlineData("/etc/passwd")]
    [InlineData("secret.eml")]
    [InlineData("a\0b")]
    [InlineData("a\n")]
    [InlineData("")]
    public async Task An_id_never_leads_out_of_the_folder(string id)
    {
        await using var world = await MailWorld.WithFolderAsync();
        Directory.CreateDirectory(world.MailFolder);
        await File.WriteAllTextAsync(Path.Combine(world.MailFolder, "..", "secret.eml"), "Subject: x\r\n\r\nx", TestContext.Current.CancellationToken);

        Assert.Null(world.Mailbox.Find(id));
    }

    [Fact]
    public async Task Opens_only_what_it_shows()
    {
        await using var world = await MailWorld.WithFolderAsync();
        Directory.CreateDirectory(world.MailFolder);
        for (var i = 0; i < 3000; i++)
            await File.WriteAllTextAsync(Path.Combine(world.MailFolder, $"20260603T07000{i:0000}-a.eml"), $"Subject: {i}\r\n\r\nx", TestContext.Current.CancellationToken);

        // The oldest cannot be read at all: whoever opened it would fail.
        File.Delete(Path.Combine(world.MailFolder, "20260603T070000000-a.eml"));
        File.CreateSymbolicLink(Path.Combine(world.MailFolder, "20260603T070000000-a.eml"), world.MailFolder);

        Assert.Equal(["2999", "2998"], world.Mailbox.List(2).Select(m => m.Subject));
    }

}
