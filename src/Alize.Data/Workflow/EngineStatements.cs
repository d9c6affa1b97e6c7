using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Alize.Engine.Storage;

namespace Alize.Data.Workflow;

/// <summary>One statement of a burst, with its values in the order of its parameters.</summary>
/// <param name="Sql">Text with parameters @p0, @p1…; always the same object for the same statement.</param>
/// <param name="Columns">What each parameter is compared with or written to.</param>
/// <param name="Values">Their values.</param>
/// <param name="Lost">What it means when no row is met, as the end of a sentence. Null: it always meets one.</param>
internal sealed record Statement(SqlText Sql, IReadOnlyList<Column> Columns, object?[] Values, string? Lost = null);

/// <summary>A statement's text; compared by reference, so that a prepared command is found without reading it.</summary>
/// <param name="Plain">For all databases.</param>
/// <param name="Guarded">For PostgreSQL: fails by itself when it meets no row, so that what is sent with it is undone. Null: needs none.</param>
internal sealed partial record SqlText(string Plain, string? Guarded = null)
{
    /// <summary>For PostgreSQL, with parameters $1, $2…: Npgsql sends it as it is, without looking for names.</summary>
    public string Numbered { get; } = Parameter().Replace(Guarded ?? Plain, name => $"${int.Parse(name.ValueSpan[2..], CultureInfo.InvariantCulture) + 1}");

    public bool Equals(SqlText? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    [GeneratedRegex(@"@p\d+")]
    private static partial Regex Parameter();
}

/// <summary>
/// The statements of a burst, made once from the mapping, one row each: short texts that never change, which every database keeps
/// prepared.
/// </summary>
internal sealed class EngineStatements
{
    private readonly RowPlan instance;
    private readonly RowPlan bookmark;
    private readonly RowPlan timer;
    private readonly RowPlan stimulus;
    private readonly RowPlan pack;
    private readonly Column[] changing;
    private readonly Column[] key;
    private readonly ConcurrentDictionary<int, Update> updates = new();
    private readonly Column[] stimulusHash;
    private readonly SqlText insertInstance;
    private readonly SqlText selectInstance;
    private readonly SqlText deleteStimulus;
    private readonly SqlText deleteBookmark;
    private readonly SqlText deleteTimer;
    private readonly SqlText insertBookmark;
    private readonly SqlText insertTimer;
    private readonly SqlText insertPack;
    private readonly SqlText selectStimuli;
    private readonly SqlText selectPublished;
    private readonly Column[] definitionKey;

    public EngineStatements(AlizeDb db)
    {
        (instance, bookmark, timer) = (RowPlan.Of<WorkflowInstance>(db), RowPlan.Of<StoredBookmark>(db), RowPlan.Of<StoredTimer>(db));
        (stimulus, pack) = (RowPlan.Of<Stimulus>(db), RowPlan.Of<JournalPack>(db));
        var (id, revision) = (instance.Find(nameof(WorkflowInstance.Id)), instance.Find(nameof(WorkflowInstance.Revision)));
        changing = [.. instance.Columns.Where(c => !c.IsFixed)];
        key = [id, revision];
        stimulusHash = [stimulus.Find(nameof(Stimulus.Hash))];

        insertInstance = Insert(instance);
        selectInstance = new($"SELECT {instance.Names} FROM {instance.Table} WHERE {id.Name} = @p0");
        (deleteStimulus, deleteBookmark, deleteTimer) = (Delete(stimulus), Delete(bookmark), Delete(timer));
        (insertBookmark, insertTimer, insertPack) = (Insert(bookmark), Insert(timer), Insert(pack));
        var definition = RowPlan.Of<StoredDefinition>(db);
        definitionKey = [definition.Find(nameof(StoredDefinition.DefinitionId)), definition.Find(nameof(StoredDefinition.IsPublished))];
        selectPublished = new($"SELECT {definition.Find("Id").Name} FROM {definition.Table} WHERE {definitionKey[0].Name} = @p0 AND {definitionKey[1].Name} = @p1");
        var oldest = $"{stimulus.Find(nameof(Stimulus.CreatedAt)).Name}, {stimulus.Find(nameof(Stimulus.Id)).Name}";
        selectStimuli = new($"SELECT {stimulus.Names} FROM {stimulus.Table} WHERE {stimulusHash[0].Name} = @p0 ORDER BY {oldest}");
    }

    public RowPlan Instances => instance;

    public RowPlan Stimuli => stimulus;

    public Statement SelectInstance(string instanceId) => new(selectInstance, instance.Id, [instanceId]);

    public Statement SelectPublished(string definitionId) => new(selectPublished, definitionKey, [definitionId, true]);

    public Statement SelectStimuli(string hash) => new(selectStimuli, stimulusHash, [hash]);

    /// <summary>An instance's row as it was loaded, to tell later what a burst changed of it.</summary>
    public object?[] Changeable(WorkflowInstance loaded) => Values(changing, loaded);

    /// <summary>
    /// What a burst takes, the instance first: of two bursts of one instance the second waits here, and learns that it is too late.
    /// </summary>
    public IEnumerable<Statement> Take(Burst burst, int loadedRevision, object?[]? loaded)
    {
        yield return burst.IsNew
            ? new(insertInstance, instance.Columns, Values(instance.Columns, burst.Instance))
            : ChangeInstance(burst.Instance, loadedRevision, loaded);
        if (burst.ConsumedStimulusId is { } stimulusId)
            yield return ById(deleteStimulus, stimulus, stimulusId, $"stimulus '{stimulusId}' was delivered by another burst");
        foreach (var id in burst.RemovedBookmarkIds.Distinct()) yield return ById(deleteBookmark, bookmark, id, $"bookmark '{id}' is gone");
        foreach (var id in burst.RemovedTimerIds.Distinct()) yield return ById(deleteTimer, timer, id, $"timer '{id}' is gone");
    }

    /// <summary>What a burst leaves.</summary>
    public IEnumerable<Statement> Give(Burst burst)
    {
        foreach (var row in burst.AddedBookmarks) yield return new(insertBookmark, bookmark.Columns, Values(bookmark.Columns, row));
        foreach (var row in burst.AddedTimers) yield return new(insertTimer, timer.Columns, Values(timer.Columns, row));
        if (PackedJournal.Pack(burst) is { } packed) yield return new(insertPack, pack.Columns, Values(pack.Columns, packed));
    }

    /// <summary>Whether this is the statement that fails when an instance is started a second time.</summary>
    public bool IsStart(Statement statement) => ReferenceEquals(statement.Sql, insertInstance);

    /// <summary>
    /// Writes what has changed and nothing else: SQLite writes anew each index of a column that is set, changed or not, and there are
    /// many. The few combinations that occur are statements of their own.
    /// </summary>
    private Statement ChangeInstance(WorkflowInstance changed, int loadedRevision, object?[]? loaded)
    {
        var values = Changeable(changed);
        var mask = 0;
        for (var i = 0; i < values.Length; i++)
            if (loaded is null || !Equals(values[i], loaded[i])) mask |= 1 << i;
        var update = updates.GetOrAdd(mask, static (m, all) => all.NewUpdate(m), this);
        var written = new object?[update.Columns.Length];
        var count = 0;
        for (var i = 0; i < values.Length; i++)
            if ((mask & (1 << i)) != 0) written[count++] = values[i];
        (written[count], written[count + 1]) = (changed.Id, loadedRevision);
        return new(update.Sql, update.Columns, written, $"it is no longer at revision {loadedRevision}");
    }

    private Update NewUpdate(int mask)
    {
        var set = changing.Where((_, i) => (mask & (1 << i)) != 0).ToList();
        var assignments = string.Join(", ", set.Select((c, i) => $"{c.Name} = @p{i}"));
        return new(Guarded($"UPDATE {instance.Table} SET {assignments} WHERE {key[0].Name} = @p{set.Count} AND {key[1].Name} = @p{set.Count + 1}"), [.. set, .. key]);
    }

    private static object?[] Values(IReadOnlyList<Column> columns, object row)
    {
        var values = new object?[columns.Count];
        for (var i = 0; i < values.Length; i++) values[i] = columns[i].ValueOf(row);
        return values;
    }

    private static Statement ById(SqlText sql, RowPlan plan, string id, string lost) => new(sql, plan.Id, [id], lost);

    private static SqlText Insert(RowPlan plan) =>
        new($"{plan.InsertInto}({string.Join(", ", plan.Columns.Select((_, i) => $"@p{i}"))})");

    private static SqlText Delete(RowPlan plan) => Guarded($"DELETE FROM {plan.Table} WHERE {plan.Id[0].Name} = @p0");

    // A division by zero is the one way to fail on a count of rows within a statement.
    private static SqlText Guarded(string sql) => new(sql, $"WITH met AS ({sql} RETURNING 1) SELECT 1 / count(*) FROM met");

    private sealed record Update(SqlText Sql, Column[] Columns);
}
