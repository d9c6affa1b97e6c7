using Alize.Engine.Storage;

namespace Alize.Engine.Runtime;

/// <summary>What a host may choose.</summary>
public sealed class EngineOptions
{
    /// <summary>Answer to faults where the definition names none, one of <see cref="IncidentStrategies"/>. Default: Elsa's.</summary>
    public string IncidentStrategy { get; set; } = IncidentStrategies.Fault;

    /// <summary>Waits before each retry of <see cref="IncidentStrategies.RetryThenPark"/>. Default: 1 min, 5 min, 30 min, 2 h, 12 h.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; set; } =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(12)];

    /// <summary>
    /// Waits before each retry, by the name that an activity's <c>customProperties.resilienceStrategy.strategyId</c> has: the activity is tried
    /// again so often before the incident strategy answers. Default: <c>quick</c> (10 s, 1 min, 5 min) and <c>patient</c> (5 min, 1 h, 6 h, 24 h).
    /// </summary>
    public IDictionary<string, IReadOnlyList<TimeSpan>> RetryPolicies { get; } = new Dictionary<string, IReadOnlyList<TimeSpan>>(StringComparer.OrdinalIgnoreCase)
    {
        ["quick"] = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)],
        ["patient"] = [TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromHours(24)],
    };

    /// <summary>Steps after which a burst is taken for an endless loop. Default 100,000.</summary>
    public int MaxStepsPerBurst { get; set; } = 100_000;

    /// <summary>Timers and stimuli taken at once by a sweep. Default 100.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>Instances whose deadlines are fired at the same time: after an outage the rest of the service goes on. Default 8.</summary>
    public int Parallelism { get; set; } = 8;

    /// <summary>How often a burst that lost to another one is tried again. Default 20.</summary>
    public int MaxCollisions { get; set; } = 20;

    /// <summary>
    /// How long a process has to have lived before it runs what may have ended another one: who is switched off again and again is not
    /// taken for a killer. Default 10 s.
    /// </summary>
    public TimeSpan PauseBeforeSuspects { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after its moment a missed start by <c>Elsa.Timer</c>, <c>Elsa.Cron</c> or <c>Elsa.StartAt</c> is made up for. Default 24 h.</summary>
    public TimeSpan MissedStarts { get; set; } = TimeSpan.FromHours(24);
}

/// <summary>Told after each commit, so that a host can set its alarm clocks. The default does nothing: a sweep finds everything.</summary>
public interface IWakeups
{
    /// <summary>Deadlines came and went; a removed one carries its scheduler's job.</summary>
    void TimersChanged(IReadOnlyList<StoredTimer> added, IReadOnlyList<StoredTimer> removed);

    /// <summary>Messages may wait to be delivered. Called often: only ring a bell here.</summary>
    void StimuliWaiting();
}

/// <summary>For a host that only sweeps.</summary>
internal sealed class NoWakeups : IWakeups
{
    public void TimersChanged(IReadOnlyList<StoredTimer> added, IReadOnlyList<StoredTimer> removed)
    {
    }

    public void StimuliWaiting()
    {
    }
}
