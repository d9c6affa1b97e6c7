using Alize.Data;
using Alize.Data.Outbox;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Workflows.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Alize.Workflows.Tests.Mail;

/// <summary>One programme with its people on a SQLite file, and everything mail as the service registers it.</summary>
public sealed class MailWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 6, 3, 7, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("alize-mail-").FullName;
    private readonly ServiceProvider services;

    private MailWorld(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Database:DataDirectory", folder),
            new("Mail:Directory", Path.Combine(folder, "mail")),
            new("Alize:PublicUrl", "https://alize.example.org"),
            .. settings,
        ]).Build();
        services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddLogging(logging => logging.AddProvider(Log))
            .Configure<AlizeOptions>(configuration.GetSection(AlizeOptions.Section))
            .AddData(configuration)
            .AddMail(configuration)
            .BuildServiceProvider(validateScopes: true);
    }

    public FakeTimeProvider Time { get; } = new(Start);

    public LogLines Log { get; } = new();

    public Guid ProgrammeId { get; } = Guid.NewGuid();

    public CompanyProject Project { get; private set; } = null!;

    public DevelopmentMailbox Mailbox => services.GetRequiredService<DevelopmentMailbox>();

    public string MailFolder => Path.Combine(folder, "mail");

    public static Task<MailWorld> WithFolderAsync() => MakeAsync([]);

    public static Task<MailWorld> WithServerAsync(int port, string security = "None", params KeyValuePair<string, string?>[] more) =>
        MakeAsync([new("Mail:Host", "localhost"), new("Mail:Port", $"{port}"), new("Mail:Security", security), new("Mail:From", "alize@example.org"), .. more]);

    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, AlizeDb, Task<T>> work)
    {
        await using var scope = services.CreateAsyncScope();
        return await work(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<AlizeDb>());
    }

    public Task<int> SendAsync() => InScopeAsync((scope, _) => scope.GetRequiredService<SendOutbox>().RunAsync(TestContext.Current.CancellationToken));

    public Task<OutboxMail> MailAsync(string key) => InScopeAsync((_, db) => db.OutboxMails.AsNoTracking().SingleAsync(m => m.Key == key));

    public Task<List<TaskLink>> LinksAsync() => InScopeAsync((_, db) => db.TaskLinks.AsNoTracking().ToListAsync());

    /// <summary>Saves changes made by a use case.</summary>
    public Task ChangeAsync(Func<AlizeDb, Task> change) => InScopeAsync(async (_, db) =>
    {
        await change(db);
        return await db.SaveChangesAsync();
    });

    /// <summary>A person who is written to.</summary>
    public async Task<Contact> PersonAsync(string email = "camille@partner.example", string name = "Camille Rivière", string language = "fr")
    {
        var person = new Contact
        {
            Id = Guid.NewGuid(),
            ProgrammeId = ProgrammeId,
            Role = ContactRole.CommitteeMember,
            FullName = name,
            Email = email,
            Language = language,
            From = new(2026, 1, 1),
        };
        await ChangeAsync(db => Task.FromResult(db.Contacts.Add(person)));
        return person;
    }

    /// <summary>An open task of a person.</summary>
    public async Task<PartnerTask> TaskAsync(Contact person)
    {
        var task = new PartnerTask
        {
            Id = Guid.NewGuid(),
            ProgrammeId = ProgrammeId,
            StepKey = Guid.NewGuid().ToString(),
            InstanceId = "i",
            Kind = "form",
            Title = "Titre",
            Instructions = "",
            Form = "[]",
            Outcomes = "[]",
            AssigneeContactId = person.Id,
            CreatedAt = Start.UtcDateTime,
        };
        await ChangeAsync(db => Task.FromResult(db.PartnerTasks.Add(task)));
        return task;
    }

    /// <summary>An advance of one instalment.</summary>
    public async Task<GrantedAdvance> AdvanceAsync()
    {
        var session = new CommitteeSession { Id = Guid.NewGuid(), ProgrammeId = ProgrammeId, Kind = CommitteeKind.Approval, StartsAt = Start.UtcDateTime, Place = "Mairie" };
        var decision = new CommitteeDecision
        {
            Id = Guid.NewGuid(),
            ProgrammeId = ProgrammeId,
            SessionId = session.Id,
            ProjectId = Project.Id,
            Outcome = DecisionOutcome.Approved,
            DecidedOn = new(2026, 2, 1),
            Present = 3,
            Yes = 3,
            No = 0,
            Abstained = 0,
        };
        var advance = new GrantedAdvance
        {
            Id = Guid.NewGuid(),
            ProgrammeId = ProgrammeId,
            ProjectId = Project.Id,
            CompanyId = Project.CompanyId,
            DecisionId = decision.Id,
            Reference = "AV-2026-001",
            Principal = Money.Euros(1000),
            Months = 1,
            DeferralMonths = 0,
            PaidOn = new(2026, 5, 10),
        };
        advance.Pay(new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = ProgrammeId,
            AdvanceId = advance.Id,
            Number = 1,
            PaidOn = advance.PaidOn,
            Amount = advance.Principal,
            OrderedBy = "Opérateur",
        },
        [new()
        {
            Id = Guid.NewGuid(), ProgrammeId = ProgrammeId, AdvanceId = advance.Id, Number = 1, DueOn = new(2026, 6, 10), CollectOn = new(2026, 6, 10), Amount = Money.Euros(1000),
        }]);
        await ChangeAsync(db =>
        {
            db.AddRange(session, decision, advance);
            return Task.CompletedTask;
        });
        return advance;
    }

    /// <summary>A step posts a mail and commits.</summary>
    public Task PostAsync(object mail, Contact to, string key, MailAbout? about = null) => InScopeAsync(async (scope, db) =>
    {
        await scope.GetRequiredService<Alize.Workflows.Mail.Outbox>().PostAsync(mail, to, about ?? new(ProgrammeId), key, TestContext.Current.CancellationToken);
        return await db.SaveChangesAsync();
    });

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<MailWorld> MakeAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var world = new MailWorld(settings);
        var programme = new Programme { Id = world.ProgrammeId, Slug = "ombrelle", Name = "ALIZÉ® Vallée de l’Ombrelle", Territory = "Vallée de l’Ombrelle", SignedOn = new(2026, 1, 15) };
        var operatorOfIt = new Partner { Id = Guid.NewGuid(), ProgrammeId = programme.Id, Kind = PartnerKind.LocalOperator, Name = "Agence de l’Ombrelle" };
        var company = new Company { Id = Guid.NewGuid(), ProgrammeId = programme.Id, Name = "Menuiserie Aubry", Siret = "73282932000074", Commune = "Ombrelle" };
        world.Project = new()
        {
            Id = Guid.NewGuid(),
            ProgrammeId = programme.Id,
            Number = "2026-003",
            CompanyId = company.Id,
            Title = "Atelier bois",
            DetectedByPartnerId = operatorOfIt.Id,
            DetectedOn = new(2026, 1, 20),
        };
        await world.InScopeAsync((_, db) => db.Database.EnsureCreatedAsync());
        await world.ChangeAsync(db =>
        {
            db.AddRange(programme, operatorOfIt, company, world.Project);
            return Task.CompletedTask;
        });
        return world;
    }
}

/// <summary>What was logged, as text.</summary>
public sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = [];

    public string All => string.Join('\n', lines);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue(formatter(state, exception));

    public void Dispose()
    {
    }
}
