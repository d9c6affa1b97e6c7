namespace Alize.Engine.Tests.Conformance;

/// <summary>Where Elsa's recorded behaviour is a defect or a limit that we do not share. Each has its reason; everything else must be the same.</summary>
public static class DeliberateDifferences
{
    /// <summary>Name of the trace, and why ours differs.</summary>
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["20-parallel-foreach"] = "Elsa logs Resumed for a second execution of an activity that only starts; ours logs Started. A reader of the journal counts starts.",
        ["23-event-delay-correlate-setname-finish"] = "Elsa leaves the containers of a finished instance Running in the records; ours closes them, so that no report shows work in an instance that has ended.",
        ["24-fault-faultstrategy"] = "Elsa leaves the containers of a faulted, finished instance Running in the records; ours closes them as Canceled.",
        ["27-fault-default-strategy-js-error"] = "Elsa leaves bookmarks of a finished instance behind; ours removes them and says Canceled. Our message also says what is wrong with the expression.",
        ["28-expressions"] = "C# in definitions is off here: it would run with the rights of the host. The step is written in JavaScript instead. An Object expression gives a structure, not its text.",
        ["31-execute-workflow-wait"] = "Elsa runs a child that does not wait inside the parent's burst; ours always starts it by a committed message, so that a crash between the two neither loses nor doubles it: the parent suspends and is resumed.",
        ["32-execute-workflow-wait-blocking-child"] = "Elsa gives an empty result when the child has waited; ours gives the child's result.",
        ["38-blocked-event-then-cancel"] = "Elsa leaves the executions of a cancelled instance Running and writes nothing; ours closes them and says Canceled.",
    };

    /// <summary>The journal we want where it is not the recorded one.</summary>
    public static IReadOnlyList<string> Journal(Trace trace) => trace.Name switch
    {
        "20-parallel-foreach" => FirstEventIsStarted(trace.Journal, "pe", 3),
        "27-fault-default-strategy-js-error" => [.. trace.Journal, "e1:Canceled"],
        "31-execute-workflow-wait" => [.. trace.Journal.SelectMany(j => j == "x:Completed" ? (string[])["x:Suspended", "x:Resumed", j] : [j])],
        "38-blocked-event-then-cancel" => [.. trace.Journal, "Workflow1:Canceled", "root:Canceled", "e1:Canceled"],
        _ => trace.Journal,
    };

    /// <summary>The executions we want: by activity and status.</summary>
    public static IReadOnlyList<string> Statuses(Trace trace)
    {
        var recorded = trace.Expected!["activityStatuses"]!.AsArray().Select(s => $"{s![0]}:{s[1]}");
        var closedAs = trace.Name switch
        {
            "23-event-delay-correlate-setname-finish" => "Completed",
            "24-fault-faultstrategy" or "27-fault-default-strategy-js-error" or "38-blocked-event-then-cancel" => "Canceled",
            _ => "Running",
        };
        return [.. recorded.Select(s => s.Replace(":Running", $":{closedAs}", StringComparison.Ordinal))];
    }

    private static List<string> FirstEventIsStarted(IReadOnlyList<string> journal, string activity, int executions)
    {
        var started = 0;
        return [.. journal.Select(j => j == $"{activity}:Resumed" && started < executions ? Count($"{activity}:Started") : j == $"{activity}:Started" ? Count(j) : j)];

        string Count(string line)
        {
            started++;
            return line;
        }
    }
}
