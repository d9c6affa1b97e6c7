namespace Alize.Benchmarks;

/// <summary>The definitions that are run.</summary>
internal static class Procedures
{
    /// <summary>Waits for an event, sets a variable, waits for another one, ends.</summary>
    public const string Life = """
        {"name":"life","version":1,"variables":[{"id":"v","name":"Answer","typeName":"String"}],
         "root":{"id":"root","type":"Elsa.Flowchart","version":1,
          "activities":[
           {"id":"asked","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":"Asked"}}},
           {"id":"noted","type":"Elsa.SetVariable","version":1,"variable":{"id":"v","name":"Answer","typeName":"String"},"value":{"typeName":"Object","expression":{"type":"Literal","value":"yes"}}},
           {"id":"confirmed","type":"Elsa.Event","version":1,"eventName":{"typeName":"String","expression":{"type":"Literal","value":"Confirmed"}}},
           {"id":"end","type":"Elsa.Finish","version":1}],
          "connections":[
           {"source":{"activity":"asked","port":"Done"},"target":{"activity":"noted","port":"In"}},
           {"source":{"activity":"noted","port":"Done"},"target":{"activity":"confirmed","port":"In"}},
           {"source":{"activity":"confirmed","port":"Done"},"target":{"activity":"end","port":"In"}}]}}
        """;

    /// <summary>Waits for a moment given by the input, ends.</summary>
    public const string Deadline = """
        {"name":"deadline","version":1,
         "root":{"id":"root","type":"Elsa.Sequence","version":1,
          "activities":[{"id":"wait","type":"Elsa.Delay","version":1,"timeSpan":{"typeName":"TimeSpan","expression":{"type":"Input","value":"Wait"}}}]}}
        """;

    /// <summary>Ten steps, one after the other.</summary>
    public static string Sequence => Ten("Elsa.Sequence", "");

    /// <summary>The same ten, joined by lines.</summary>
    public static string Flowchart => Ten("Elsa.Flowchart", ",\"connections\":[" + string.Join(",", Enumerable.Range(0, 9).Select(i =>
        $$$"""{"source":{"activity":"s{{{i}}}","port":"Done"},"target":{"activity":"s{{{i + 1}}}","port":"In"} }""")) + "]");

    private static string Ten(string container, string more) => $$$"""
        {"name":"ten","version":1,"variables":[{"id":"v","name":"N","typeName":"Int64"}],
         "root":{"id":"root","type":"{{{container}}}","version":1,"activities":[{{{string.Join(",", Enumerable.Range(0, 10).Select(Step))}}}]{{{more}}} } }
        """;

    private static string Step(int i) => $$$"""
        {"id":"s{{{i}}}","type":"Elsa.SetVariable","version":1,"variable":{"id":"v","name":"N","typeName":"Int64"},"value":{"typeName":"Object","expression":{"type":"Literal","value":"{{{i}}}"} } }
        """;
}
