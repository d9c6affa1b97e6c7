using Alize.Data.Workflow;
using Alize.Engine.Storage;

namespace Alize.Data.Tests.Workflow;

/// <summary>Rows of the engine, every property set.</summary>
internal static class StoredSamples
{
    public const string Hash = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";

    public static readonly DateTime Now = new(2026, 3, 2, 9, 30, 15, 123, DateTimeKind.Utc);

    public static WorkflowInstance Instance(string id, string? parent = null) => new()
    {
        Id = id,
        DefinitionId = "repayment",
        DefinitionVersionId = "repayment:1",
        DefinitionVersion = 1,
        CorrelationId = "advance",
        Name = "Remboursement AV-2026-003",
        TenantId = "ombrelle",
        ParentInstanceId = parent,
        Status = WorkflowStatus.Running,
        SubStatus = WorkflowSubStatus.Suspended,
        IncidentCount = 1,
        State = [1, 2, 3],
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    public static StoredBookmark Bookmark(string id, string instanceId, int minutes = 0, string? correlation = null, string hash = Hash) => new()
    {
        Id = id,
        InstanceId = instanceId,
        Name = "Elsa.Event",
        Hash = hash,
        CorrelationId = correlation,
        ActivityNodeId = "Workflow1:Flowchart1:AskSignature1",
        ActivityInstanceId = "e1",
        Payload = "{}",
        CreatedAt = Now.AddMinutes(minutes),
    };

    public static StoredTimer Timer(string id, string instanceId, DateTime dueAt) => new()
    {
        Id = id,
        InstanceId = instanceId,
        BookmarkId = "b1",
        ActivityInstanceId = "e1",
        DueAt = dueAt,
        Label = "Avant échéance 3",
        CorrelationId = "advance",
        TenantId = "ombrelle",
    };

    public static Stimulus Stimulus(string id, int minutes = 0, DateTime? notBefore = null, string? hash = Hash) => new()
    {
        Id = id,
        Kind = StimulusKind.Deliver,
        Name = "Elsa.Event",
        Hash = hash,
        BookmarkId = "b1",
        InstanceId = "i1",
        DefinitionId = "repayment",
        CorrelationId = "advance",
        ParentInstanceId = "parent",
        TenantId = "ombrelle",
        InstanceName = "Remboursement",
        Input = """{"Amount":12}""",
        CreatedAt = Now.AddMinutes(minutes),
        NotBefore = notBefore ?? Now,
        ExpiresAt = Now.AddDays(30),
    };

    public static JournalRecord Line(string instanceId, long sequence) => new()
    {
        Id = $"{instanceId}:{sequence}",
        InstanceId = instanceId,
        Sequence = sequence,
        ActivityInstanceId = "e1",
        ParentActivityInstanceId = "e0",
        ActivityId = "AskSignature1",
        NodeId = "Workflow1:AskSignature1",
        ActivityType = "Alize.AskSignature",
        ActivityName = "Demander la signature",
        EventName = "Started",
        Message = "…",
        Payload = "{}",
        At = Now,
    };

    public static JournalPack Pack(string instanceId) =>
        PackedJournal.Pack(new() { Instance = Instance(instanceId), IsNew = true, Journal = [Line(instanceId, 1)] })!;

    public static ActivityExecutionRecord Execution(string id, string instanceId, int minutes = 0) => new()
    {
        Id = id,
        InstanceId = instanceId,
        ActivityId = "AskSignature1",
        NodeId = "Workflow1:AskSignature1",
        ActivityType = "Alize.AskSignature",
        ActivityTypeVersion = 2,
        Status = "Running",
        HasBookmarks = true,
        Inputs = "{}",
        StartedAt = Now.AddMinutes(minutes),
    };

    public static StoredDefinition Definition(string definitionId, int version, bool published) => new()
    {
        Id = $"{definitionId}:{version}",
        DefinitionId = definitionId,
        Version = version,
        Name = "Remboursement",
        Json = "{}",
        IsLatest = true,
        IsPublished = published,
        FileHash = Hash,
        CreatedAt = Now,
    };

    public static StoredTrigger Trigger(string id, string definitionId, int version) => new()
    {
        Id = id,
        DefinitionId = definitionId,
        DefinitionVersionId = $"{definitionId}:{version}",
        ActivityId = "Event1",
        Name = "Elsa.Event",
        Hash = Hash,
    };
}
