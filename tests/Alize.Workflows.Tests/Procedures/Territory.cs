using Alize.Data;
using Alize.Data.Outbox;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Alize.Workflows.Accounts;
using Alize.Workflows.Committee;
using Alize.Workflows.Demo;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Mail;
using Alize.Workflows.Repayment;
using Alize.Workflows.Signatures;
using Alize.Workflows.Tasks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WorkflowRuntime = Alize.Engine.Runtime.WorkflowRuntime;

namespace Alize.Workflows.Tests.Procedures;

/// <summary>A programme with its real database, definitions, steps and outbox; only the clock is a fake.</summary>
public sealed class Territory : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("alize-").FullName;
    private ServiceProvider services = null!;

    /// <summary>Monday 2 March 2026, nine in the morning in Paris.</summary>
    private static DateTimeOffset FirstDay { get; } = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; } = new(FirstDay);

    public Programme Programme { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var (name, content) in await Ready.Value) await File.WriteAllBytesAsync(Path.Combine(folder, name), content, Cancel);
        services = ServicesIn(folder, Time);
        Programme = await ReadAsync(db => db.Programmes.SingleAsync(Cancel));
    }

    /// <summary>The database of a territory on its first day, made once for all tests: each works on a copy.</summary>
    private static readonly Lazy<Task<Dictionary<string, byte[]>>> Ready = new(async () =>
    {
        var folder = Directory.CreateTempSubdirectory("alize-").FullName;
        await using (var services = ServicesIn(folder, new FakeTimeProvider(FirstDay)))
        {
            await services.MigrateAsync(CancellationToken.None);
            await services.GetRequiredService<DefinitionLoader>().LoadAsync(Path.Combine(AppContext.BaseDirectory, "workflows"), CancellationToken.None);
            await using var scope = services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DemoTerritory>().SeedAsync(CancellationToken.None);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        var files = Directory.GetFiles(folder).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);
        Directory.Delete(folder, recursive: true);
        return files;
    });

    private static ServiceProvider ServicesIn(string folder, TimeProvider time)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:DataDirectory"] = folder,
            ["Mail:Directory"] = Path.Combine(folder, "mail"),
            ["Http:AllowedHosts:0"] = "127.0.0.1",
            ["Http:Timeout"] = "00:00:02",
        }).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(time)
            .AddSingleton<IConfiguration>(configuration)
            .AddData(configuration)
            .AddWorkflows(configuration)
            .BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A company whose figures are all known and under the thresholds.</summary>
    public static DetectionForm Eligible { get; } = new()
    {
        Company = "Tournerie des Aulnes",
        Siret = "41234567000019",
        Commune = "Saint-Aubin",
        HeadName = "Sylvie Arnaud",
        HeadEmail = "sylvie.arnaud@tournerie.example",
        IsRegistered = true,
        Headcount = "23",
        Turnover = "2 850 000",
        BalanceSheetTotal = "1 640 000",
        LargestHolderPercent = "0",
        Title = "Atelier d’usinage cinq axes",
        Description = "Une deuxième équipe.",
        JobsPlanned = "6",
        Cost = "180 000",
        OwnShare = "150 000",
        RequestedAdvance = "30 000",
        RequestedMonths = "36",
        RequestedDeferralMonths = "6",
    };

    /// <summary>Uses one service in a scope of its own, as a request does.</summary>
    public async Task<TResult> DoAsync<T, TResult>(Func<T, Task<TResult>> use) where T : notnull
    {
        await using var scope = services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    /// <summary>Changes rows, as an operator's page would.</summary>
    public Task<int> ChangeAsync(Func<AlizeDb, Task> change) => ReadAsync(async db =>
    {
        await change(db);
        return await db.SaveChangesAsync(Cancel);
    });

    public Task<TResult> ReadAsync<TResult>(Func<AlizeDb, Task<TResult>> read) => DoAsync(read);

    public WorkflowRuntime Runtime => services.GetRequiredService<WorkflowRuntime>();

    /// <summary>Lets everything that waits happen, mails included.</summary>
    public async Task SettleAsync()
    {
        await Runtime.DrainAsync(Cancel);
        await DoAsync<SendOutbox, int>(o => o.RunAsync(Cancel));
    }

    /// <summary>Moves the clock forward, deadline by deadline.</summary>
    public async Task WaitUntilAsync(DateTimeOffset moment)
    {
        while (await DoAsync<IWorkflowStore, DateTime?>(s => s.NextTimerDueAsync(Cancel)) is { } next && next <= moment.UtcDateTime)
        {
            if (next > Time.GetUtcNow().UtcDateTime) Time.SetUtcNow(new DateTimeOffset(next, TimeSpan.Zero));
            await Runtime.SweepAsync(Cancel);
            await SettleAsync();
        }

        Time.SetUtcNow(moment);
    }

    public Task WaitAsync(TimeSpan time) => WaitUntilAsync(Time.GetUtcNow() + time);

    public async Task<Guid> DetectAsync(DetectionForm form, string partner = "Chambre de commerce du Val")
    {
        var partnerId = await ReadAsync(db => db.Partners.Where(p => p.Name == partner).Select(p => p.Id).SingleAsync(Cancel));
        var (id, problems) = await DoAsync<Detection, (Guid?, IReadOnlyList<Problem>)>(d => d.DetectAsync(Programme.Id, partnerId, form, "Julien Morel", Cancel));
        Assert.Empty(problems);
        await SettleAsync();
        return id!.Value;
    }

    public Task<List<PartnerTask>> OpenTasksAsync(Guid? projectId = null) =>
        ReadAsync(db => db.PartnerTasks.AsNoTracking().Where(t => t.State == PartnerTaskState.Open && (projectId == null || t.ProjectId == projectId)).OrderBy(t => t.CreatedAt).ThenBy(t => t.Id).ToListAsync(Cancel));

    public async Task AnswerAsync(PartnerTask task, string outcome, params (string Name, string Value)[] values)
    {
        var by = await ReadAsync(db => db.Contacts.Where(c => c.Id == task.AssigneeContactId).Select(c => c.FullName).SingleAsync(Cancel));
        var problems = await DoAsync<PartnerTasks, IReadOnlyList<Problem>>(t => t.AnswerAsync(task.Id, outcome, values.ToDictionary(v => v.Name, v => v.Value), by, "test", Cancel));
        Assert.Empty(problems);
        await SettleAsync();
    }

    public Task<CompanyProject> ProjectAsync(Guid id) => ReadAsync(db => db.Projects.AsNoTracking().SingleAsync(p => p.Id == id, Cancel));

    public Task<List<OutboxMail>> MailsAsync(string? name = null) =>
        ReadAsync(db => db.OutboxMails.AsNoTracking().Where(m => name == null || m.Name == name).OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).ToListAsync(Cancel));

    /// <summary>Detected, instructed, and ready for the committee.</summary>
    public async Task<Guid> ReadyForCommitteeAsync(DetectionForm? form = null)
    {
        var id = await DetectAsync(form ?? Eligible);
        await AnswerAsync((await OpenTasksAsync(id)).Single(), "ToCommittee", ("schemesConsidered", "Prêt d’honneur : plafond atteint."));
        return id;
    }

    /// <summary>An open session with everybody present, in the room.</summary>
    public async Task<(Guid Session, IReadOnlyList<Guid> Members)> OpenSessionAsync(params Guid[] projects)
    {
        var (session, problems) = await DoAsync<SessionPlans, (Guid?, IReadOnlyList<Problem>)>(
            s => s.PlanAsync(Programme.Id, CommitteeKind.Approval, SessionPlan.At(Time.GetUtcNow().AddDays(14).UtcDateTime, "Salle du conseil", projects), "Camille Roussel", Cancel));
        Assert.Empty(problems);
        await SettleAsync();
        await WaitAsync(TimeSpan.FromDays(14));
        var members = await ReadAsync(async db => (await db.CommitteeSessions.AsNoTracking().SingleAsync(s => s.Id == session, Cancel))
            .Invitees.Where(i => i.IsVotingMember).Select(i => i.ContactId).ToList());
        var refusals = await DoAsync<CommitteeSessions, IReadOnlyList<Refusal>>(
            s => s.OpenAsync(session!.Value, members.ToDictionary(m => m, _ => Presence.Room), null, "Camille Roussel", Cancel));
        Assert.Empty(refusals);
        return (session!.Value, members);
    }

    /// <summary>One more member of the committee: Lucie Nouvelle, lucie@papeteries.example, of the paper mill.</summary>
    public Task<int> LucieJoinsAsync(DateOnly from) => ChangeAsync(async db =>
    {
        var partner = await db.Partners.SingleAsync(p => p.Name == "Papeteries du Val", Cancel);
        db.Contacts.Add(new Contact
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = partner.ProgrammeId,
            PartnerId = partner.Id,
            Role = ContactRole.CommitteeMember,
            FullName = "Lucie Nouvelle",
            Email = "lucie@papeteries.example",
            From = from,
        });
    });

    public async Task<DecisionForm> FormAsync(IReadOnlyList<Guid> members, int yes, int no, Money? advance = null, int months = 36, int deferral = 6)
    {
        var lender = await ReadAsync(db => db.Partners.Where(p => p.Name == "Papeteries du Val").Select(p => p.Id).SingleAsync(Cancel));
        var lead = await ReadAsync(db => db.Partners.Where(p => p.Name == "Chambre de commerce du Val").Select(p => p.Id).SingleAsync(Cancel));
        var votes = members.Select((m, i) => (m, i < yes ? VoteChoice.Yes : i < yes + no ? VoteChoice.No : VoteChoice.Abstained)).ToDictionary(v => v.m, v => v.Item2);
        return new(DecisionOutcome.Approved, votes, advance ?? Money.Euros(30_000), months, deferral, [new(lender, "Qualité", 10)], lead, "Projet solide, emplois qualifiés.");
    }

    public Task<DecisionResult> DecideAsync(Guid session, Guid project, DecisionForm form) =>
        DoAsync<CommitteeVotes, DecisionResult>(s => s.DecideAsync(session, project, form, "Camille Roussel", Cancel));

    /// <summary>Approved by six votes of nine, convention sent for signature.</summary>
    public async Task<Guid> ApprovedAsync(DetectionForm? form = null, int months = 36, Func<DecisionForm, DecisionForm>? with = null)
    {
        var project = await ReadyForCommitteeAsync(form);
        var (session, members) = await OpenSessionAsync(project);
        var decision = await FormAsync(members, yes: 6, no: 2, months: months);
        var result = await DecideAsync(session, project, with is null ? decision : with(decision));
        Assert.Empty(result.Refusals);
        Assert.Empty(result.Problems);
        await SettleAsync();
        return project;
    }

    /// <summary>Publishes a definition anew, changed.</summary>
    public async Task ReloadAsync(string definition, Func<string, string> change)
    {
        var changed = Directory.CreateDirectory(Path.Combine(folder, "changed")).FullName;
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "workflows", definition), Cancel);
        Assert.NotEqual(text, change(text));
        await File.WriteAllTextAsync(Path.Combine(changed, definition), change(text), Cancel);
        await services.GetRequiredService<DefinitionLoader>().LoadAsync(changed, Cancel);
    }

    /// <summary>Signs every signature that is asked for.</summary>
    public async Task SignAllAsync(Guid project)
    {
        foreach (var task in (await OpenTasksAsync(project)).Where(t => t.Kind == SignatureForm.Kind))
            await SignAsync(task);
    }

    /// <summary>Signs as a signatory does: code asked for, read in the mail, typed, then initials and consent.</summary>
    public Task SignAsync(PartnerTask task, string initials = "AB") => AnswerSignatureAsync(task, SignatureForm.Signed, ("initials", initials), ("consent", "true"));

    public async Task AnswerSignatureAsync(PartnerTask task, string outcome, params (string Name, string Value)[] values)
    {
        var secret = await OpenSignatureAsync(task);
        Assert.Empty(await TrySignAsync(task, secret, outcome, values));
        await SettleAsync();
    }

    /// <summary>Opens the document with the code of the mail.</summary>
    /// <returns>The secret of the visit.</returns>
    public async Task<string> OpenSignatureAsync(PartnerTask task)
    {
        await AskCodeAsync(task);
        var (secret, problems) = await TryCodeAsync(task, await CodeOfAsync(task));
        Assert.Empty(problems);
        return secret!;
    }

    public async Task AskCodeAsync(PartnerTask task)
    {
        Assert.Empty(await DoAsync<ConventionSigning, IReadOnlyList<Problem>>(s => s.AskCodeAsync(task, Place, Cancel)));
        await SettleAsync();
    }

    public Task<(string? Secret, IReadOnlyList<Problem> Problems)> TryCodeAsync(PartnerTask task, string code) =>
        DoAsync<ConventionSigning, (string?, IReadOnlyList<Problem>)>(s => s.TryCodeAsync(task, code, Place, Cancel));

    public Task<IReadOnlyList<Problem>> TrySignAsync(PartnerTask task, string? secret, string outcome, params (string Name, string Value)[] values) =>
        DoAsync<ConventionSigning, IReadOnlyList<Problem>>(s => s.AnswerAsync(task, secret, outcome, values.ToDictionary(v => v.Name, v => v.Value), Place, Cancel));

    /// <summary>The digits in the newest code mail of a task's assignee.</summary>
    public async Task<string> CodeOfAsync(PartnerTask task)
    {
        var address = await ReadAsync(db => db.Contacts.Where(c => c.Id == task.AssigneeContactId).Select(c => c.Email).SingleAsync(Cancel));
        var mailbox = services.GetRequiredService<DevelopmentMailbox>();
        return mailbox.List(1000).Where(m => m.To.Contains(address, StringComparison.Ordinal))
            .Select(m => System.Text.RegularExpressions.Regex.Match(m.Text, @"^(\d{6})\r?$", System.Text.RegularExpressions.RegexOptions.Multiline)).First(m => m.Success).Groups[1].Value;
    }

    private static SigningPlace Place { get; } = new("127.0.0.1", "Essai");

    /// <summary>Presses the operator's button.</summary>
    public Task<IReadOnlyList<Refusal>> PayAsync(Guid project) =>
        DoAsync<Payments, IReadOnlyList<Refusal>>(p => p.PayAsync(project, "Camille Roussel", Cancel));

    /// <summary>30,000 € paid on 16 March 2026, to be repaid in six instalments of 5,000 € from 16 October.</summary>
    public async Task<(Guid Project, GrantedAdvance Advance)> PaidAsync()
    {
        var project = await ApprovedAsync(months: 12);
        await SignAllAsync(project);
        Assert.Empty(await PayAsync(project));
        await SettleAsync();
        return (project, await AdvanceAsync(project));
    }

    public Task<GrantedAdvance> AdvanceAsync(Guid project) => ReadAsync(db => db.Advances.AsNoTracking().SingleAsync(a => a.ProjectId == project, Cancel));

    /// <summary>Records what the bank received today.</summary>
    public async Task<IReadOnlyList<Problem>> RepayAsync(Guid advance, string amount, string reference)
    {
        var today = DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime);
        return await DoAsync<Repayments, IReadOnlyList<Problem>>(r => r.RecordAsync(advance, amount, today, reference, "Camille Roussel", Cancel));
    }

    public Task<PartnerTask> TaskAsync(Guid id) => ReadAsync(db => db.PartnerTasks.AsNoTracking().SingleAsync(t => t.Id == id, Cancel));

    /// <summary>Tries to answer, for who expects to be told no.</summary>
    public Task<IReadOnlyList<Problem>> TryAnswerAsync(Guid task, string outcome, params (string Name, string Value)[] values) =>
        DoAsync<PartnerTasks, IReadOnlyList<Problem>>(t => t.AnswerAsync(task, outcome, values.ToDictionary(v => v.Name, v => v.Value), "Quelqu’un", "test", Cancel));

    /// <summary>Moves the clock to a day at noon, deadline by deadline.</summary>
    public Task WaitUntilAsync(int year, int month, int day) => WaitUntilAsync(new DateTimeOffset(year, month, day, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Lines of the trail of one kind.</summary>
    public Task<List<string>> TrailAsync(string kind) =>
        ReadAsync(db => db.AuditEntries.Where(e => e.Kind == kind).OrderBy(e => e.Id).Select(e => e.Text).ToListAsync(Cancel));

    /// <summary>What went wrong inside workflows, one line each; for a test's message.</summary>
    public async Task<string> FaultsAsync()
    {
        var faults = new List<string>();
        foreach (var id in await ReadAsync(db => db.WorkflowInstances.Select(i => i.Id).ToListAsync(Cancel)))
        {
            var executions = await DoAsync<IWorkflowStore, IReadOnlyList<ActivityExecutionRecord>>(s => s.ExecutionsAsync(id, Cancel));
            faults.AddRange(executions.Where(e => e.Exception is not null).Select(e => $"{e.ActivityId} {e.Status}: {e.Exception}"));
        }

        return string.Join("\n", faults);
    }
}
