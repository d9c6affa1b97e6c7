using Alize.Data.Outbox;
using Alize.Domain;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Workflows.Tests.Mail;

public class OutboxTests
{
    private static readonly NoticeMail Notice = new("Aubry", new(2026, 6, 1), Money.Euros(10));

    [Fact]
    public async Task A_step_that_runs_twice_writes_once()
    {
        await using var world = await MailWorld.WithFolderAsync();
        var person = await world.PersonAsync();

        await world.PostAsync(Notice, person, "step-1");
        await world.PostAsync(Notice, person, "step-1");
        var count = await world.InScopeAsync(async (scope, db) =>
        {
            var outbox = scope.GetRequiredService<Alize.Workflows.Mail.Outbox>();
            await outbox.PostAsync(Notice, person, new(world.ProgrammeId), "step-2", TestContext.Current.CancellationToken);
            await outbox.PostAsync(Notice, person, new(world.ProgrammeId), "step-2", TestContext.Current.CancellationToken);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            return await db.OutboxMails.CountAsync(TestContext.Current.CancellationToken);
        });

        Assert.Equal(2, count);
    }

    [Fact]
    public async Task A_mail_is_saved_by_the_step_or_not_at_all()
    {
        await using var world = await MailWorld.WithFolderAsync();
        var person = await world.PersonAsync();

        await world.InScopeAsync(async (scope, _) =>
        {
            await scope.GetRequiredService<Alize.Workflows.Mail.Outbox>().PostAsync(Notice, person, new(world.ProgrammeId), "lost", TestContext.Current.CancellationToken);
            return 0;
        });

        Assert.Equal(0, await world.SendAsync());
        Assert.Empty(world.Mailbox.List(10));
    }

    [Fact]
    public async Task The_row_says_what_the_mail_is_about()
    {
        await using var world = await MailWorld.WithFolderAsync();
        var person = await world.PersonAsync(language: "en");
        await world.PostAsync(Notice, person, "k", new(world.ProgrammeId, world.Project.Id));

        var mail = await world.MailAsync("k");

        Assert.Equal(("NoticeMail", "en", "Notice for Aubry", MailState.Waiting), (mail.Name, mail.Language, mail.Subject, mail.State));
        Assert.Equal((world.ProgrammeId, world.Project.Id, person.Id), (mail.ProgrammeId, mail.ProjectId, mail.ContactId));
        Assert.Equal(MailWorld.Start.UtcDateTime, mail.NotBefore);
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_is_a_bug_at_once()
    {
        await using var world = await MailWorld.WithFolderAsync();
        var person = await world.PersonAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => world.PostAsync(new TaskMail(), person, "a"));
        await Assert.ThrowsAsync<ArgumentException>(() => world.PostAsync(new TaskMail(), person, "b", new(world.ProgrammeId, LinkPurpose: MailLinks.Task)));
        await Assert.ThrowsAsync<ArgumentException>(() => world.PostAsync(new TaskMail(), person, "c", new(world.ProgrammeId, LinkPurpose: "other")));
        await Assert.ThrowsAsync<ArgumentException>(() => world.PostAsync(Notice, person, "d", new(world.ProgrammeId, LinkPurpose: MailLinks.Detect)));
        await Assert.ThrowsAsync<ArgumentException>(() => world.PostAsync(Notice, person, "e", new(world.ProgrammeId, OnlyWhileTaskOpen: true)));
    }
}
