namespace Alize.Engine.Tests.Conformance;

/// <summary>Where Elsa's recorded behaviour is a defect or a limit that we do not share. Each has its reason; everything else must be the same.</summary>
/// <remarks>
/// Beside the recorded runs, read in Elsa's sources:
/// <list type="bullet">
/// <item>Break in a ParallelForEach ends that loop; Elsa sends it on to the loop around it, and where there is none nothing happens: whoever draws it means the nearest loop.</item>
/// <item>Of several outputs of one activity in a container the newest is read, not the first: in a loop the first is that of another turn.</item>
/// <item>CorrelatedSingleton and Correlation without a correlation stand in nobody's way; Elsa's empty filter finds any running instance.</item>
/// <item>A workflow used as an activity does not see the variables of the workflow around it: it would mean something else in each place.</item>
/// <item>The first value of a variable of type Object is read as JSON, as an Object expression is; Elsa keeps the text.</item>
/// <item>A value that does not fit an input is a fault that says so; Elsa's lenient mode gives the type's default.</item>
/// <item>Scripts have no DateTime, TimeSpan, Guid or Random of .NET: they would reach into the host. newGuid, now and addDays are there.</item>
/// </list>
/// </remarks>
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
