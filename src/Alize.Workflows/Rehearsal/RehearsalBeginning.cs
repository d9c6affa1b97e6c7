using System.Text.Json;
using System.Text.Json.Nodes;

namespace Alize.Workflows.Rehearsal;

/// <summary>How far a project has come.</summary>
internal enum ProjectAge
{
    /// <summary>The committee has not decided.</summary>
    Undecided,

    /// <summary>The committee has agreed.</summary>
    Decided,

    /// <summary>Its convention is signed and sealed.</summary>
    Signed,

    /// <summary>Its advance is paid.</summary>
    Paid,
}

/// <summary>
/// Where a project has to stand so that a procedure can be played from its start. It follows from the steps, those of the procedures it
/// starts among them: whoever awaits the decision begins before it, whoever follows instalments begins when the advance is paid.
/// </summary>
/// <param name="Needs">What must have come about; made up where it has not. Null: nothing.</param>
/// <param name="Keeps">What of the project's past stays; the procedure itself brings the rest about.</param>
/// <param name="IsSession">Whether it is about a session and not about a project.</param>
internal sealed record RehearsalBeginning(ProjectAge? Needs, ProjectAge Keeps, bool IsSession)
{
    private static readonly string[] OfSessions = ["Alize.InviteMembers", "Alize.AwaitSession", "Alize.DraftMinutes", "Alize.RecordMinutes", "Alize.SendMinutes"];
    private static readonly string[] OfInstallments = ["Alize.ListInstallments", "Alize.AwaitInstallment", "Alize.RemindCompany"];
    private static readonly string[] OfSupport =
        ["Alize.AskSignatures", "Alize.AwaitSurveyDay", "Alize.ListCommitments", "Alize.RecordJobs", "Alize.RecordMobilisation", "Alize.RecordTime", "Alize.ReopenDecision"];

    private static readonly string[] OfDetection = ["Alize.CheckEligibility", "Alize.EnterStage", "Alize.RecordCompanyFacts", "Alize.RecordInstruction"];

    /// <param name="json">The definition.</param>
    /// <param name="others">Published definitions by id.</param>
    public static RehearsalBeginning Of(string json, IReadOnlyDictionary<string, string> others)
    {
        var types = new HashSet<string>();
        var seen = new HashSet<string>();
        Collect(JsonNode.Parse(json), types, others, seen);
        bool Has(params string[] any) => types.Overlaps(any);
        var own = new HashSet<string>();
        Collect(JsonNode.Parse(json), own, new Dictionary<string, string>(), []);
        if (own.Overlaps(OfSessions)) return new(null, ProjectAge.Paid, IsSession: true);
        if (Has("Alize.AwaitDecision")) return new(null, ProjectAge.Undecided, false);
        if (Has("Alize.PrepareConvention")) return new(ProjectAge.Decided, ProjectAge.Decided, false);
        if (Has("Alize.PayAdvance")) return new(ProjectAge.Signed, ProjectAge.Signed, false);
        if (Has(OfInstallments)) return new(ProjectAge.Paid, ProjectAge.Paid, false);
        if (Has(OfSupport)) return new(ProjectAge.Decided, ProjectAge.Paid, false);
        return new(null, Has(OfDetection) ? ProjectAge.Undecided : ProjectAge.Paid, false);
    }

    /// <summary>Types of all activities, and those of the definitions that they start by a literal id.</summary>
    private static void Collect(JsonNode? node, HashSet<string> types, IReadOnlyDictionary<string, string> others, HashSet<string> seen)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array) Collect(item, types, others, seen);
                break;
            case JsonObject json:
                if (json["id"] is not null && json["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String) types.Add(type.GetValue<string>());
                if (json["workflowDefinitionId"]?["expression"]?["value"] is JsonValue id && id.GetValueKind() == JsonValueKind.String
                    && others.TryGetValue(id.GetValue<string>(), out var child) && seen.Add(id.GetValue<string>()))
                    Collect(JsonNode.Parse(child), types, others, seen);
                foreach (var (_, value) in json) Collect(value, types, others, seen);
                break;
        }
    }
}
