namespace Alize.Data.Workflow;

/// <summary>
/// What one burst wrote about itself, in one row: its journal lines, and the executions it touched as they stood at its end.
/// A row for each line would be four times the bytes and four times the statements; nobody asks for a line without its
/// neighbours. Written once and never changed; <see cref="PackedJournal"/> says what is inside.
/// </summary>
public sealed class JournalPack
{
    /// <summary>The instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Number of the burst's last line; 0 when it wrote none.</summary>
    public required long LastSequence { get; init; }

    /// <summary>The instance's revision after the burst: of two packs that hold the same execution the later one counts.</summary>
    public required int Revision { get; init; }

    /// <summary>End of the burst, UTC.</summary>
    public required DateTime At { get; init; }

    /// <summary>The lines and executions.</summary>
    public required byte[] Content { get; init; }
}
