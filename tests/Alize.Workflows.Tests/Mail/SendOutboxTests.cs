using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

using Alize.Data.Documents;
using Alize.Data.Outbox;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Repayment;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Alize.Workflows.Tests.Mail;

/// <summary>The way of a mail from its row to a real mail server.</summary>
public sealed class SendOutboxTests(SmtpServer server) : IClassFixture<SmtpServer>
{
    private static readonly NoticeMail Notice = new("Aubry", new(2026, 6, 1), Money.Euros(10));

    [Fact]
    public async Task A_mail_is_delivered_once()
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        await world.PostAsync(Notice, await world.PersonAsync("once@partner.example"), "k");

        Assert.Equal(1, await world.SendAsync());
        Assert.Equal(0, await world.SendAsync());

        var mail = await world.MailAsync("k");
        Assert.Equal((MailState.Sent, 0, null), (mail.State, mail.Attempts, mail.LastError));
        Assert.Equal(MailWorld.Start.UtcDateTime, mail.SentAt);
        var taken = Assert.Single(server.TakenFor("once@partner.example"));
        Assert.Equal($"{mail.Id}@alize.example.org", taken.MessageId);
        Assert.Equal(MailWorld.Start, taken.Date);
        Assert.Equal("Avis pour Aubry", taken.Subject);
        Assert.Equal("auto-generated", taken.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal("fr", taken.Body?.Headers[HeaderId.ContentLanguage]);
        Assert.False(taken.Headers.Contains(HeaderId.ListUnsubscribe));
        Assert.Equal("\"ALIZÉ® Vallée de l’Ombrelle\" <alize@example.org>", taken.From.ToString());
        Assert.Equal("Camille Rivière", taken.To.Mailboxes.Single().Name);
        Assert.Contains("Bonjour Camille Rivière", taken.TextBody);
        Assert.Contains("Bonjour Camille Rivière", taken.HtmlBody);
    }

    [Fact]
    public async Task A_batch_takes_one_connection_and_keeps_its_order()
    {
        await using var own = new OwnServer();
        await own.Server.StartAsync();
        await using var world = await MailWorld.WithServerAsync(own.Server.Port);
        var person = await world.PersonAsync();
        for (var i = 0; i < 5; i++)
        {
            await world.PostAsync(Notice with { Company = $"E{i}" }, person, $"k{i}");
            world.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(5, await world.SendAsync());
        Assert.Equal(1, own.Server.Connections);
        Assert.Equal(["Avis pour E0", "Avis pour E1", "Avis pour E2", "Avis pour E3", "Avis pour E4"], own.Server.Taken.Select(m => m.Subject));
    }

    [Fact]
    public async Task A_mail_refused_for_now_goes_later_and_does_not_hold_the_next()
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        await world.PostAsync(Notice, await world.PersonAsync("later1@partner.example"), "later");
        await world.PostAsync(Notice, await world.PersonAsync("next1@partner.example"), "next");

        Assert.Equal(1, await world.SendAsync());
        var later = await world.MailAsync("later");
        Assert.Equal((MailState.Waiting, 1, MailWorld.Start.UtcDateTime.AddMinutes(1)), (later.State, later.Attempts, later.NotBefore));
        Assert.Contains("451", later.LastError);
        Assert.DoesNotContain("@", later.LastError);
        Assert.Equal(0, await world.SendAsync());

        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await world.SendAsync());
        later = await world.MailAsync("later");
        Assert.Equal((MailState.Sent, 1, null), (later.State, later.Attempts, later.LastError));
        Assert.Single(server.TakenFor("later1@partner.example"));
    }

    [Theory]
    [InlineData("refused1@partner.example", "550")]
    [InlineData("toolarge1@partner.example", "552")]
    [InlineData("not an address", "not a mail address")]
    public async Task A_mail_refused_for_good_fails_alone(string address, string why)
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        var others = $"others-{Guid.NewGuid():N}@partner.example";
        await world.PostAsync(Notice, await world.PersonAsync(others), "before");
        await world.PostAsync(Notice, await world.PersonAsync(address), "refused");
        await world.PostAsync(Notice, await world.PersonAsync(others), "after");

        Assert.Equal(2, await world.SendAsync());
        var refused = await world.MailAsync("refused");
        Assert.Equal((MailState.Failed, 1), (refused.State, refused.Attempts));
        Assert.Contains(why, refused.LastError);
        Assert.DoesNotContain("@", refused.LastError);
        Assert.Equal(2, server.TakenFor(others).Count());
        world.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await world.SendAsync());
    }

    [Fact]
    public async Task With_the_server_down_a_mail_waits_longer_each_time_and_fails_after_three_days()
    {
        await using var world = await MailWorld.WithServerAsync(FreePort());
        var person = await world.PersonAsync();
        await world.PostAsync(Notice, person, "k");
        var waits = new List<double>();
        while (await world.MailAsync("k") is { State: MailState.Waiting } waiting)
        {
            world.Time.SetUtcNow(new(waiting.NotBefore, TimeSpan.Zero));
            Assert.Equal(0, await world.SendAsync());
            waits.Add(((await world.MailAsync("k")).NotBefore - waiting.NotBefore).TotalMinutes);
        }

        var failed = await world.MailAsync("k");
        Assert.Equal([1, 5, 15, 60, 60], waits.Take(5));
        Assert.Equal(MailState.Failed, failed.State);
        Assert.InRange(world.Time.GetUtcNow() - MailWorld.Start, TimeSpan.FromDays(3), TimeSpan.FromDays(3) + TimeSpan.FromHours(1));
        Assert.Contains("Mail:Host", failed.LastError);
    }

    [Fact]
    public async Task The_mail_of_a_sender_that_ended_in_the_middle_is_due_again_after_ninety_seconds()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var world = await MailWorld.WithServerAsync(((IPEndPoint)silent.LocalEndpoint).Port);
        await world.PostAsync(Notice, await world.PersonAsync(), "k");
        using var end = new CancellationTokenSource();

        var sending = world.InScopeAsync((scope, _) => scope.GetRequiredService<SendOutbox>().RunAsync(end.Token));
        using var connection = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        var mail = await world.MailAsync("k");
        Assert.Equal((MailState.Waiting, 1, MailWorld.Start.UtcDateTime.AddSeconds(90)), (mail.State, mail.Attempts, mail.NotBefore));
    }

    [Fact]
    public async Task With_the_server_down_only_the_first_mail_is_tried()
    {
        await using var world = await MailWorld.WithServerAsync(FreePort());
        var person = await world.PersonAsync();
        await world.PostAsync(Notice, person, "first");
        world.Time.Advance(TimeSpan.FromSeconds(1));
        await world.PostAsync(Notice, person, "second");

        await world.SendAsync();

        Assert.Equal((1, 0), ((await world.MailAsync("first")).Attempts, (await world.MailAsync("second")).Attempts));
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_on_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var world = await MailWorld.WithServerAsync(((IPEndPoint)silent.LocalEndpoint).Port, more: new KeyValuePair<string, string?>("Mail:Timeout", "00:00:01"));
        await world.PostAsync(Notice, await world.PersonAsync(), "k");

        Assert.Equal(0, await world.SendAsync());
        Assert.Contains("did not answer", (await world.MailAsync("k")).LastError);
    }

    [Fact]
    public async Task A_mail_taken_without_an_answer_goes_again_under_the_same_id()
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        await world.PostAsync(Notice, await world.PersonAsync("dropped1@partner.example"), "dropped");
        await world.PostAsync(Notice, await world.PersonAsync("next2@partner.example"), "next");

        Assert.Equal(1, await world.SendAsync());
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await world.SendAsync());

        var twice = server.TakenFor("dropped1@partner.example").ToList();
        Assert.Equal(2, twice.Count);
        Assert.Single(twice.Select(m => m.MessageId).Distinct());
        Assert.Equal((MailState.Sent, 1), ((await world.MailAsync("dropped")).State, (await world.MailAsync("dropped")).Attempts));
    }

    [Fact]
    public async Task A_document_goes_with_its_mail_byte_for_byte_at_every_try()
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        var documents = await DocumentsAsync(world, 2);
        await world.PostAsync(
            Notice, await world.PersonAsync("dropped2@partner.example"), "k", new(world.ProgrammeId) { Attachments = [documents[1].Id, documents[0].Id] });

        await world.SendAsync();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await world.SendAsync());

        var twice = server.TakenFor("dropped2@partner.example").ToList();
        Assert.Equal(2, twice.Count);
        foreach (var taken in twice)
        {
            Assert.Equal(["Pièce n° 2.pdf", "Pièce n° 1.pdf"], taken.Attachments.Select(a => a.ContentDisposition?.FileName));
            Assert.All(taken.Attachments, a => Assert.True(a.ContentType.IsMimeType("application", "pdf")));
            Assert.Equal([documents[1].Content, documents[0].Content], taken.Attachments.OfType<MimePart>().Select(BytesOf));
            Assert.Contains("Pièces jointes\u00A0: Pièce n° 2.pdf, Pièce n° 1.pdf", taken.TextBody);
        }
    }

    [Fact]
    public async Task A_document_that_is_no_longer_what_was_kept_is_not_sent()
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        var document = (await DocumentsAsync(world, 1))[0];
        await world.PostAsync(Notice, await world.PersonAsync("damaged@partner.example"), "k", new(world.ProgrammeId) { Attachments = [document.Id] });
        byte[] other = [.. document.Content, (byte)' '];
        await world.InScopeAsync((_, db) => db.Documents.Where(d => d.Id == document.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.Content, other)));

        Assert.Equal(0, await world.SendAsync());

        Assert.Equal(MailState.Failed, (await world.MailAsync("k")).State);
        Assert.Contains("no longer what was kept", (await world.MailAsync("k")).LastError);
        Assert.Empty(server.TakenFor("damaged@partner.example"));
    }

    [Fact]
    public async Task A_crash_between_hand_over_and_record_is_seen_and_keeps_the_same_id()
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        await world.PostAsync(Notice, await world.PersonAsync("crash@partner.example"), "k");

        await Assert.ThrowsAsync<CrashException>(() => world.InScopeAsync((scope, _) =>
            ActivatorUtilities.CreateInstance<SendOutbox>(scope, new CrashAfterHandOver(scope.GetRequiredService<IMailTransport>())).RunAsync(TestContext.Current.CancellationToken)));

        var crashed = await world.MailAsync("k");
        Assert.Equal((MailState.Waiting, 1), (crashed.State, crashed.Attempts));
        Assert.Contains("may have been handed over", crashed.LastError);
        Assert.Equal(0, await world.SendAsync());   // still claimed by the sender that died

        world.Time.SetUtcNow(new(crashed.NotBefore, TimeSpan.Zero));
        Assert.Equal(1, await world.SendAsync());
        Assert.Equal((MailState.Sent, 1), ((await world.MailAsync("k")).State, (await world.MailAsync("k")).Attempts));
        var twice = server.TakenFor("crash@partner.example").ToList();
        Assert.Equal(2, twice.Count);
        Assert.Single(twice.Select(m => m.MessageId).Distinct());
    }

    [Fact]
    public async Task Two_senders_at_once_never_send_the_same_mail_twice()
    {
        await using var own = new OwnServer();
        await own.Server.StartAsync();
        await using var world = await MailWorld.WithServerAsync(own.Server.Port);
        var person = await world.PersonAsync();
        for (var i = 0; i < 40; i++) await world.PostAsync(Notice, person, $"k{i}");

        var sent = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(world.SendAsync)));

        Assert.Equal(40, sent.Sum());
        Assert.Equal(40, own.Server.Taken.Count);
        Assert.Equal(40, own.Server.Taken.Select(m => m.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task A_reminder_of_an_instalment_paid_meanwhile_is_withdrawn()
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        var person = await world.PersonAsync("paid@partner.example");
        var advance = await world.AdvanceAsync();
        await world.PostAsync(Notice, person, "k", new(world.ProgrammeId, world.Project.Id, UnlessSettledInstallmentId: advance.Installments[0].Id));

        await world.ChangeAsync(async db =>
        {
            var paid = await db.Advances.Include(a => a.Installments).Include(a => a.Received).SingleAsync(a => a.Id == advance.Id);
            paid.Receive(new RepaymentReceived
            {
                Id = Guid.NewGuid(),
                ProgrammeId = world.ProgrammeId,
                AdvanceId = advance.Id,
                ReceivedOn = new(2026, 6, 3),
                Amount = Money.Euros(1000),
                BankReference = "VIR-1",
                RecordedBy = "Opérateur",
            });
        });

        Assert.Equal(0, await world.SendAsync());
        Assert.Equal((MailState.Withdrawn, 0), ((await world.MailAsync("k")).State, (await world.MailAsync("k")).Attempts));
        Assert.Empty(server.TakenFor("paid@partner.example"));
    }

    [Fact]
    public async Task A_reminder_of_an_unpaid_instalment_goes_out()
    {
        await using var world = await MailWorld.WithFolderAsync();
        var advance = await world.AdvanceAsync();
        await world.PostAsync(Notice, await world.PersonAsync(), "k", new(world.ProgrammeId, UnlessSettledInstallmentId: advance.Installments[0].Id));

        Assert.Equal(1, await world.SendAsync());
    }

    [Theory]
    [InlineData(PartnerTaskState.Open, MailState.Sent)]
    [InlineData(PartnerTaskState.Answered, MailState.Withdrawn)]
    [InlineData(PartnerTaskState.Cancelled, MailState.Withdrawn)]
    public async Task A_mail_that_holds_only_while_its_task_is_open_is_withdrawn_with_it(PartnerTaskState state, MailState expected)
    {
        await using var world = await MailWorld.WithFolderAsync();
        var person = await world.PersonAsync();
        var task = await world.TaskAsync(person);
        await world.PostAsync(new TaskMail(), person, "k", new(world.ProgrammeId, TaskId: task.Id, LinkPurpose: MailLinks.Task, OnlyWhileTaskOpen: true));
        await world.ChangeAsync(async db => (await db.PartnerTasks.SingleAsync(t => t.Id == task.Id)).Close(state));

        await world.SendAsync();

        Assert.Equal(expected, (await world.MailAsync("k")).State);
        Assert.Equal(expected == MailState.Sent ? 1 : 0, (await world.LinksAsync()).Count);
    }

    [Theory]
    [InlineData(MailLinks.Task, "t")]
    [InlineData(MailLinks.Detect, "detect")]
    public async Task The_link_is_made_at_hand_over_and_only_its_hash_is_kept(string purpose, string path)
    {
        await using var world = await MailWorld.WithFolderAsync();
        var person = await world.PersonAsync();
        var task = await world.TaskAsync(person);
        await world.PostAsync(new TaskMail(), person, "k", new(world.ProgrammeId, TaskId: task.Id, LinkPurpose: purpose));
        Assert.Empty(await world.LinksAsync());

        await world.SendAsync();

        var mail = Assert.Single(world.Mailbox.List(10));
        var token = Regex.Match(mail.Text, $@"https://alize\.example\.org/{path}/([A-Za-z0-9_-]+)").Groups[1].Value;
        Assert.Equal(43, token.Length);   // 256 bits in base64url
        Assert.Contains(token, mail.Html);
        var link = Assert.Single(await world.LinksAsync());
        Assert.Equal((MailLinks.HashOf(token), purpose, task.Id, person.Id), (link.TokenHash, link.Purpose, link.TaskId, link.ContactId));
        Assert.Equal(MailWorld.Start.UtcDateTime.AddDays(90), link.ExpiresAt);
        Assert.DoesNotContain(token, await EverythingStoredAsync(world));
        Assert.DoesNotContain(token, world.Log.All);
    }

    [Fact]
    public async Task Each_try_has_a_token_of_its_own()
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        var person = await world.PersonAsync("later2@partner.example");
        var task = await world.TaskAsync(person);
        await world.PostAsync(new TaskMail(), person, "k", new(world.ProgrammeId, TaskId: task.Id, LinkPurpose: MailLinks.Task));

        await world.SendAsync();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.SendAsync();

        Assert.Equal(2, (await world.LinksAsync()).Select(l => l.TokenHash).Distinct().Count());
    }

    [Theory]
    [InlineData("Aubry\r\nBcc: autre@mal.example", "hostile1@partner.example")]
    [InlineData("\"><script>alert(1)</script>", "hostile2@partner.example")]
    [InlineData("Aubry <autre@mal.example>,", "hostile3@partner.example")]
    public async Task A_hostile_name_reaches_nobody_else(string name, string address)
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        await world.PostAsync(Notice with { Company = name }, await world.PersonAsync(address, name), "k");

        Assert.Equal(1, await world.SendAsync());

        var taken = Assert.Single(server.TakenFor(address));
        Assert.Equal(address, Assert.Single(taken.To.Mailboxes).Address);
        Assert.Empty(taken.Bcc);
        Assert.Empty(taken.Cc);
        Assert.DoesNotContain("<script", taken.HtmlBody);
    }

    [Fact]
    public async Task Logs_hold_no_name_and_no_address()
    {
        await using var world = await MailWorld.WithServerAsync(server.Port);
        await world.PostAsync(Notice, await world.PersonAsync("refused2@partner.example"), "a");
        await world.PostAsync(Notice, await world.PersonAsync("logged@partner.example"), "b");

        await world.SendAsync();

        Assert.Contains("Handed over mail", world.Log.All);
        Assert.DoesNotContain("partner.example", world.Log.All);
        Assert.DoesNotContain("Camille", world.Log.All);
    }

    // Everything SQLite wrote, the file as it is: a token in any column would be in it.
    private static async Task<string> EverythingStoredAsync(MailWorld world)
    {
        var connection = await world.InScopeAsync((_, db) => Task.FromResult(db.Database.GetConnectionString()));
        var file = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(connection).DataSource;
        var all = "";
        foreach (var path in Directory.GetFiles(Path.GetDirectoryName(file) ?? "", Path.GetFileName(file) + "*"))
        {
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            all += await reader.ReadToEndAsync();
        }

        Assert.Contains("TaskMail", all);
        return all;
    }

    private static async Task<IReadOnlyList<StoredDocument>> DocumentsAsync(MailWorld world, int count)
    {
        var made = Enumerable.Range(1, count).Select(i =>
        {
            var content = Enumerable.Range(0, 40_000).Select(b => (byte)(b * i)).ToArray();
            return new StoredDocument
            {
                Id = Guid.CreateVersion7(),
                ProgrammeId = world.ProgrammeId,
                Key = $"d{i}",
                Kind = "Essai",
                Title = $"Pièce n° {i}",
                FileName = $"Pièce n° {i}.pdf",
                MadeAt = MailWorld.Start.UtcDateTime,
                MadeBy = "Essai",
                Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)),
                Content = content,
            };
        }).ToList();
        await world.ChangeAsync(db =>
        {
            db.Documents.AddRange(made);
            return Task.CompletedTask;
        });
        return made;
    }

    private static byte[] BytesOf(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content!.DecodeTo(bytes);
        return bytes.ToArray();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A server for one test, where the whole of what it took counts.</summary>
    private sealed class OwnServer : IAsyncDisposable
    {
        public SmtpServer Server { get; } = new();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    private sealed class CrashException : Exception;

    /// <summary>The process dies after the server's yes.</summary>
    private sealed class CrashAfterHandOver(IMailTransport real) : IMailTransport
    {
        public async Task HandOverAsync(MimeMessage message, CancellationToken cancel)
        {
            await real.HandOverAsync(message, cancel);
            throw new CrashException();
        }

        public Task CloseAsync(CancellationToken cancel) => real.CloseAsync(cancel);
    }
}
