using Alize.Data;
using Alize.Domain;
using Alize.Engine.Storage;
using Alize.Workflows.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Workflows.Demo.Years;

/// <summary>The service as it runs, on a clock that the story moves: every deadline on the way is met.</summary>
/// <param name="services">The service's own; its clock is the one that moves.</param>
/// <param name="moveTo">Moves the clock, never back.</param>
public sealed class YearsWorld(IServiceProvider services, Action<DateTimeOffset> moveTo)
{
    private readonly WorkflowRuntime runtime = services.GetRequiredService<WorkflowRuntime>();
    private readonly ProgrammeClock clock = services.GetRequiredService<ProgrammeClock>();

    public DateOnly Today => clock.Today;

    /// <summary>An hour of a day in the territory.</summary>
    public DateTime At(DateOnly day, int hour) => clock.ToUtc(day.ToDateTime(new TimeOnly(hour, 0)));

    /// <summary>Uses one service in a scope of its own, as a request does.</summary>
    public async Task<TResult> AskAsync<T, TResult>(Func<T, Task<TResult>> use)
        where T : notnull
    {
        await using var scope = services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    public Task DoAsync<T>(Func<T, Task> use)
        where T : notnull => AskAsync<T, bool>(async service =>
        {
            await use(service);
            return true;
        });

    public Task<TResult> ReadAsync<TResult>(Func<AlizeDb, Task<TResult>> read) => AskAsync(read);

    /// <summary>Lets everything that waits happen, mails included.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        await runtime.DrainAsync(cancel);
        await DoAsync<SendOutbox>(outbox => outbox.RunAsync(cancel));
    }

    /// <summary>Moves to an instant (UTC), stopping at each deadline on the way.</summary>
    public async Task MoveAsync(DateTime instant, CancellationToken cancel)
    {
        while (await AskAsync<IWorkflowStore, DateTime?>(store => store.NextTimerDueAsync(cancel)) is { } next && next <= instant)
        {
            moveTo(new(DateTime.SpecifyKind(next, DateTimeKind.Utc)));
            await runtime.SweepAsync(cancel);
            await SettleAsync(cancel);
        }

        moveTo(new(DateTime.SpecifyKind(instant, DateTimeKind.Utc)));
        await SettleAsync(cancel);
    }

    /// <summary>What the story does is allowed; where it is not, the story is wrong, or the service.</summary>
    public static void Accept(IReadOnlyList<Problem> problems)
    {
        if (problems.Count > 0) throw new InvalidOperationException($"The story was refused: {string.Join(" ", problems.Select(p => p.Sentence))}");
    }

    public static void Accept(IReadOnlyList<Refusal> refusals)
    {
        if (refusals.Count > 0) throw new InvalidOperationException($"The story was refused: {string.Join(" ", refusals)}");
    }

    public static void Accept((IReadOnlyList<Refusal> Refusals, IReadOnlyList<Problem> Problems) answer)
    {
        Accept(answer.Refusals);
        Accept(answer.Problems);
    }
}
