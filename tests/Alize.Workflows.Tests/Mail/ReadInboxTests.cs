using Alize.Data.Outbox;
using Alize.Domain.Committee;
using Alize.Workflows.Committee;
using Alize.Workflows.Mail;
using Alize.Workflows.Tests.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MimeKit;
using static Alize.Workflows.Tests.Procedures.Territory;

namespace Alize.Workflows.Tests.Mail;

/// <summary>Answers from calendar programs and reports of undelivered mail, over a real mailbox.</summary>
public sealed class ReadInboxTests : IAsyncLifetime, IClassFixture<ImapServer>
{
    private const string Member = "karim.benali@papeteries.example";
    private readonly ImapServer server;
    private readonly Territory territory = new();
    private Guid session;

    public ReadInboxTests(ImapServer server) => this.server = server;

    public async ValueTask InitializeAsync()
    {
        await territory.InitializeAsync();
        var (id, problems) = await territory.DoAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(s => s.PlanAsync(
            territory.Programme.Id, CommitteeKind.Approval, SessionPlan.At(territory.Time.GetUtcNow().AddDays(14).UtcDateTime, "Salle du conseil"), "Camille Roussel", Cancel));
        Assert.Empty(problems);
        session = id!.Value;
        await territory.SettleAsync();
    }

    public ValueTask DisposeAsync() => territory.DisposeAsync();

    [Theory]
    [InlineData("ACCEPTED", InvitationReply.Accepted)]
    [InlineData("TENTATIVE", InvitationReply.Tentative)]
    [InlineData("DECLINED", InvitationReply.Declined)]
    public async Task An_answer_from_a_calendar_program_is_noted_once(string status, InvitationReply reply)
    {
        await server.DeliverAsync(Reply(Member, Member, status, sequence: 0));

        Assert.Equal(1, await ReadAsync());
        Assert.Equal(0, await ReadAsync());

        Assert.Equal(reply, await ReplyAsync());
        Assert.Equal(0, await server.UnreadAsync());
        Assert.Single(await territory.TrailAsync("reply"));
    }

    [Fact]
    public async Task Nobody_answers_for_somebody_else()
    {
        await server.DeliverAsync(Reply("quelquun@ailleurs.example", Member, "DECLINED", sequence: 0));

        Assert.Equal(0, await ReadAsync());

        Assert.Equal(InvitationReply.None, await ReplyAsync());
    }

    [Fact]
    public async Task An_answer_to_a_day_that_changed_since_is_not_one_to_the_new_day()
    {
        await territory.DoAsync<SessionPlans, IReadOnlyList<Problem>>(s => s.ChangeAsync(
            session, SessionPlan.At(territory.Time.GetUtcNow().AddDays(20).UtcDateTime, "Salle du conseil"), "Camille Roussel", Cancel));
        await server.DeliverAsync(Reply(Member, Member, "ACCEPTED", sequence: 0));

        Assert.Equal(0, await ReadAsync());

        Assert.Equal(InvitationReply.None, await ReplyAsync());
    }

    [Fact]
    public async Task A_mail_that_did_not_arrive_says_so_on_its_row()
    {
        var mail = (await territory.MailsAsync("SessionInvitationMail")).Single(m => m.ToAddress == Member);
        Assert.Equal(MailState.Sent, mail.State);
        await server.DeliverAsync(Bounce(mail, "failed"));

        Assert.Equal(1, await ReadAsync());

        var now = (await territory.MailsAsync()).Single(m => m.Id == mail.Id);
        Assert.Equal(MailState.Failed, now.State);
        Assert.Contains("5.1.1", now.LastError, StringComparison.Ordinal);
        Assert.Contains("Karim Benali", Assert.Single(await territory.TrailAsync("mail-undelivered")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_of_delay_is_no_failure_and_letters_from_people_are_left_to_people()
    {
        var mail = (await territory.MailsAsync("SessionInvitationMail")).Single(m => m.ToAddress == Member);
        await server.DeliverAsync(Bounce(mail, "delayed"));
        await server.DeliverAsync(new MimeMessage([MailboxAddress.Parse(Member)], [MailboxAddress.Parse("alize@alize.example")], "Une question", new TextPart("plain") { Text = "Bonjour" }));
        await server.DeliverAsync(new MimeMessage(
            [MailboxAddress.Parse(Member)], [MailboxAddress.Parse("alize@alize.example")], "Cassé", new TextPart("calendar") { Text = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nDTSTART:;;;" }));

        Assert.Equal(0, await ReadAsync());

        Assert.Equal(MailState.Sent, (await territory.MailsAsync()).Single(m => m.Id == mail.Id).State);
        Assert.Equal(InvitationReply.None, await ReplyAsync());
    }

    private Task<int> ReadAsync() => territory.DoAsync<IServiceScopeFactory, int>(scopes => new ReadInbox(
        scopes, Options.Create(new InboxOptions { Host = "127.0.0.1", Port = server.Port, Security = MailSecurity.None, User = ImapServer.User, Password = ImapServer.Password }),
        NullLogger<ReadInbox>.Instance).RunAsync(Cancel));

    private Task<InvitationReply> ReplyAsync() => territory.ReadAsync(async db =>
    {
        var people = await db.Contacts.Where(c => c.Email == Member).Select(c => c.Id).ToListAsync(Cancel);
        return (await db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == session, Cancel)).Invitees.Single(i => people.Contains(i.ContactId)).Reply;
    });

    private MimeMessage Reply(string from, string attendee, string status, int sequence)
    {
        var calendar = new TextPart("calendar")
        {
            Text = $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//FR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{session}\r\nSEQUENCE:{sequence}\r\n"
                + $"DTSTAMP:20260302T090000Z\r\nDTSTART:20260316T080000Z\r\nATTENDEE;PARTSTAT={status}:mailto:{attendee}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        };
        calendar.ContentType.Parameters.Add("method", "REPLY");
        return new MimeMessage(
            [MailboxAddress.Parse(from)], [MailboxAddress.Parse("alize@alize.example")], "Accepté",
            new MultipartAlternative(new TextPart("plain") { Text = "Réponse" }, calendar));
    }

    private static MimeMessage Bounce(OutboxMail mail, string action)
    {
        var status = new MessageDeliveryStatus();
        status.StatusGroups.Add(new HeaderList { { "Reporting-MTA", "dns; mx.example" } });
        status.StatusGroups.Add(new HeaderList { { "Final-Recipient", "rfc822; " + mail.ToAddress }, { "Action", action }, { "Status", "5.1.1" } });
        var original = new MimeMessage([MailboxAddress.Parse("alize@alize.example")], [MailboxAddress.Parse(mail.ToAddress)], mail.Subject, new TextPart("plain") { Text = "…" })
        {
            MessageId = $"{mail.Id}@alize.example",
        };
        var report = new MultipartReport("delivery-status") { new TextPart("plain") { Text = "Undeliverable" }, status, new MessagePart { Message = original } };
        return new MimeMessage([MailboxAddress.Parse("mailer-daemon@mx.example")], [MailboxAddress.Parse("alize@alize.example")], "Undelivered", report);
    }
}
