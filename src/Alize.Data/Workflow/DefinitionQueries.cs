using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Data.Workflow;

/// <summary>Which versions of definitions a list shows. Everything given must hold; empty means "any".</summary>
public sealed record DefinitionFilter
{
    /// <summary>Which of the versions. Null: all of them.</summary>
    public DefinitionVersions? Versions { get; init; }

    /// <summary>A version's number.</summary>
    public int? Version { get; init; }

    /// <summary>Definitions.</summary>
    public IReadOnlyCollection<string> DefinitionIds { get; init; } = [];

    /// <summary>Versions, by their own ids.</summary>
    public IReadOnlyCollection<string> Ids { get; init; } = [];

    /// <summary>Part of a name, a description or an id, in any case.</summary>
    public string? SearchTerm { get; init; }
}

/// <summary>Which of a definition's versions. Names are Elsa's.</summary>
public enum DefinitionVersions
{
    /// <summary>The newest.</summary>
    Latest,

    /// <summary>The one that new instances run.</summary>
    Published,

    /// <summary>The newest and the one that new instances run.</summary>
    LatestOrPublished,

    /// <summary>The newest, where it is the one that new instances run.</summary>
    LatestAndPublished,

    /// <summary>The newest, where it is not published.</summary>
    Draft,
}

/// <summary>What a list of definitions is sorted by; ties by id.</summary>
public enum DefinitionOrder
{
    Name,
    Created,
    Version,
}

/// <summary>One line of a list of definitions: all but the definition itself.</summary>
public sealed record DefinitionSummary
{
    public required string Id { get; init; }
    public required string DefinitionId { get; init; }
    public required int Version { get; init; }
    public required string Name { get; init; }
    public required string? Description { get; init; }
    public required bool IsLatest { get; init; }
    public required bool IsPublished { get; init; }

    /// <summary>Whether it came from a file and not from the designer.</summary>
    public required bool IsFromFile { get; init; }
    public required DateTime CreatedAt { get; init; }
}

/// <summary>A page of versions.</summary>
/// <param name="Items">Its lines.</param>
/// <param name="TotalCount">Lines of the whole list.</param>
public sealed record DefinitionPage(IReadOnlyList<DefinitionSummary> Items, int TotalCount);

/// <summary>Lists of definitions and their versions: dozens, hundreds with their history, so that they are counted to the last.</summary>
public sealed class DefinitionQueries(AlizeDb db)
{
    /// <summary>A page by number.</summary>
    /// <param name="filter">Which versions.</param>
    /// <param name="order">Sorted by what.</param>
    /// <param name="descending">Greatest first.</param>
    /// <param name="page">From 0.</param>
    /// <param name="pageSize">Lines. Null: all of them, as the designer's drop-downs ask.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<DefinitionPage> PageAsync(
        DefinitionFilter filter, DefinitionOrder order, bool descending, int page, int? pageSize, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        if (pageSize is { } lines) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lines, nameof(pageSize));
        var found = Matching(filter);
        var sorted = Sorted(found, order, descending);
        if (pageSize is not { } size)
        {
            var all = await Summaries(sorted).ToListAsync(cancel);
            return new(all, all.Count);
        }

        var total = await found.CountAsync(cancel);
        var skip = (long)page * size;
        return skip >= total ? new([], total) : new(await Summaries(sorted.Skip((int)skip).Take(size)).ToListAsync(cancel), total);
    }

    /// <summary>How many versions there are.</summary>
    public Task<int> CountAsync(DefinitionFilter filter, CancellationToken cancel) => Matching(filter).CountAsync(cancel);

    private static IQueryable<StoredDefinition> Sorted(IQueryable<StoredDefinition> some, DefinitionOrder order, bool descending) => (order, descending) switch
    {
        (DefinitionOrder.Created, true) => some.OrderByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id),
        (DefinitionOrder.Created, false) => some.OrderBy(d => d.CreatedAt).ThenBy(d => d.Id),
        (DefinitionOrder.Version, true) => some.OrderByDescending(d => d.Version).ThenByDescending(d => d.Id),
        (DefinitionOrder.Version, false) => some.OrderBy(d => d.Version).ThenBy(d => d.Id),
        (_, true) => some.OrderByDescending(d => d.Name).ThenByDescending(d => d.Id),
        _ => some.OrderBy(d => d.Name).ThenBy(d => d.Id),
    };

    private static IQueryable<DefinitionSummary> Summaries(IQueryable<StoredDefinition> some) => some.Select(d => new DefinitionSummary
    {
        Id = d.Id,
        DefinitionId = d.DefinitionId,
        Version = d.Version,
        Name = d.Name,
        Description = d.Description,
        IsLatest = d.IsLatest,
        IsPublished = d.IsPublished,
        IsFromFile = d.FileHash != null,
        CreatedAt = d.CreatedAt,
    });

    private IQueryable<StoredDefinition> Matching(DefinitionFilter filter)
    {
        var found = db.Definitions.AsNoTracking();
        found = filter.Versions switch
        {
            DefinitionVersions.Latest => found.Where(d => d.IsLatest),
            DefinitionVersions.Published => found.Where(d => d.IsPublished),
            DefinitionVersions.LatestOrPublished => found.Where(d => d.IsLatest || d.IsPublished),
            DefinitionVersions.LatestAndPublished => found.Where(d => d.IsLatest && d.IsPublished),
            DefinitionVersions.Draft => found.Where(d => d.IsLatest && !d.IsPublished),
            _ => found,
        };
        if (filter.Version is { } version) found = found.Where(d => d.Version == version);
        if (filter.DefinitionIds is { Count: > 0 } definitions) found = found.Where(d => definitions.Contains(d.DefinitionId));
        if (filter.Ids is { Count: > 0 } ids) found = found.Where(d => ids.Contains(d.Id));
        if (filter.SearchTerm?.Trim() is not { Length: > 0 } term) return found;
#pragma warning disable CA1304, CA1308, CA1311, CA1862 // the database's own lower() does it
        var lower = term.ToLowerInvariant();
        return found.Where(d => d.Name.ToLower().Contains(lower) || d.DefinitionId.ToLower().Contains(lower) || d.Id.ToLower().Contains(lower)
            || (d.Description != null && d.Description.ToLower().Contains(lower)));
#pragma warning restore CA1304, CA1308, CA1311, CA1862
    }
}
