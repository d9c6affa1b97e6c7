using Alize.Engine.Storage;

namespace Alize.SqlServer.Tests;

/// <summary>Rows of the engine to be written.</summary>
internal static class Rows
{
    private static readonly DateTime Now = new(2026, 3, 2, 9, 30, 0, DateTimeKind.Utc);

    public static StoredDefinition Definition => new()
    {
        Id = "d:1",
        DefinitionId = "d",
        Version = 1,
        Name = "d",
        Json = "{}",
        IsLatest = true,
        IsPublished = true,
        CreatedAt = Now,
    };

    public static StoredTrigger Trigger => new()
    {
        Id = "t",
        DefinitionId = "d",
        DefinitionVersionId = "d:1",
        ActivityId = "a",
        Name = "Elsa.Event",
        Hash = "h",
    };

    public static Stimulus Stimulus => new()
    {
        Id = "s",
        Kind = StimulusKind.Deliver,
        CreatedAt = Now,
        NotBefore = Now,
    };

    public static StoredTimer Timer => new()
    {
        Id = "t2",
        InstanceId = "i",
        ActivityInstanceId = "i:1",
        DueAt = Now,
    };

    public static Burst Burst(bool isNew) => new()
    {
        Instance = new()
        {
            Id = "i",
            DefinitionId = "d",
            DefinitionVersionId = "d:1",
            DefinitionVersion = 1,
            State = [],
            CreatedAt = Now,
            UpdatedAt = Now,
        },
        IsNew = isNew,
        ConsumedStimulusId = "s",
        RemovedBookmarkIds = ["b1"],
        RemovedTimerIds = ["t1"],
        AddedBookmarks = [new() { Id = "b2", InstanceId = "i", Name = "n", Hash = "h", ActivityNodeId = "a", ActivityInstanceId = "i:1", CreatedAt = Now }],
        AddedTimers = [Timer],
        Journal = [new() { Id = "j", InstanceId = "i", Sequence = 1, ActivityInstanceId = "i:1", ActivityId = "a", NodeId = "a", ActivityType = "t", EventName = "Started", At = Now }],
        Executions = [new() { Id = "i:1", InstanceId = "i", ActivityId = "a", NodeId = "a", ActivityType = "t", Status = "Running", StartedAt = Now }],
    };
}
