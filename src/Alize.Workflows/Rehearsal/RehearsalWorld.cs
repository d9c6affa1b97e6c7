using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Storage;
using Alize.Workflows.Mail;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MimeKit;

namespace Alize.Workflows.Rehearsal;

/// <summary>A clock that stands still until it is moved forward.</summary>
internal sealed class RehearsalClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    public void MoveTo(DateTimeOffset moment)
    {
        if (moment > now) now = moment;
    }
}

/// <summary>
/// The service once more, on a database in memory and a clock of its own: the same engine, steps and rules. Nothing in it knows the
/// real database, its outbox is never emptied, and nobody wakes it but the rehearsal.
/// </summary>
internal sealed class RehearsalWorld : IAsyncDisposable
{
    // An honest procedure takes some dozen steps between two waits; an endless loop shows within a second.
    private const int MostStepsAtOnce = 5_000;

    private readonly ServiceProvider services;
    private readonly Dictionary<string, Dictionary<string, DrawnStep>> drawn = [];

    private RehearsalWorld(PrivateCopy copy, RehearsalClock clock, ServiceProvider services) => (Copy, Clock, this.services) = (copy, clock, services);

    public PrivateCopy Copy { get; }

    public RehearsalClock Clock { get; }

    public WorkflowRuntime Runtime => services.GetRequiredService<WorkflowRuntime>();

    public ProgrammeClock Days => services.GetRequiredService<ProgrammeClock>();

    /// <param name="settings">Those of the service: addresses, limits.</param>
    /// <param name="start">First moment.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<RehearsalWorld> OpenAsync(IConfiguration settings, DateTimeOffset start, CancellationToken cancel)
    {
        var copy = await PrivateCopy.OpenAsync(cancel);
        var clock = new RehearsalClock(start);
        var configuration = new ConfigurationBuilder().AddConfiguration(settings).AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)}"] = nameof(DatabaseProvider.Sqlite),
            [$"{DatabaseOptions.Section}:{nameof(DatabaseOptions.ConnectionString)}"] = copy.ConnectionString,

            // The operator's own seal is for what is really signed.
            [$"{Signatures.SealOptions.Section}:{nameof(Signatures.SealOptions.PfxPath)}"] = "",
        }).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(clock)
            .AddData(configuration).AddWorkflows(configuration)
            .Replace(ServiceDescriptor.Scoped<IMailTransport, NoPost>())
            .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider())
            .Configure<EngineOptions>(engine => (engine.Parallelism, engine.MaxStepsPerBurst) = (1, MostStepsAtOnce))
            .BuildServiceProvider(validateScopes: true);
        var world = new RehearsalWorld(copy, clock, services);
        try
        {
            await world.ReadAsync(async db =>
            {
                await copy.MakeTablesAsync(db, cancel);
                return true;
            });
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Uses one service in a scope of its own, as a request does.</summary>
    public async Task<TResult> DoAsync<T, TResult>(Func<T, Task<TResult>> use)
        where T : notnull
    {
        await using var scope = services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    public Task<TResult> ReadAsync<TResult>(Func<AlizeDb, Task<TResult>> read) => DoAsync(read);

    /// <summary>What people call a step of a version, by its id.</summary>
    public async Task<string> TitleAsync(string versionId, string activityId, CancellationToken cancel)
    {
        if (!drawn.TryGetValue(versionId, out var steps))
        {
            var compiled = await DoAsync<IWorkflowStore, CompiledWorkflow?>(store => services.GetRequiredService<DefinitionCache>().FindAsync(versionId, store, cancel));
            drawn[versionId] = steps = (compiled?.Steps ?? []).GroupBy(s => s.Id).ToDictionary(s => s.Key, s => s.First());
        }

        return steps.GetValueOrDefault(activityId)?.Title ?? activityId;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Copy.DisposeAsync();
    }

    /// <summary>Nothing leaves a rehearsal: whoever tries has a fault to mend.</summary>
    private sealed class NoPost : IMailTransport
    {
        public Task HandOverAsync(MimeMessage message, CancellationToken cancel) => throw new InvalidOperationException("A rehearsal sends no mail.");

        public Task CloseAsync(CancellationToken cancel) => Task.CompletedTask;
    }
}
