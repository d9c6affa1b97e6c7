using Microsoft.EntityFrameworkCore;

namespace Alize.Data.Workflow;

/// <summary>
/// Lists of instances that stay quick however many there are: a query looks at <see cref="Bound"/> rows at most, in the order of an
/// index. Tenant, definitions, statuses, correlation and incidents are sought in an index (<see cref="InstanceSeek"/>); anything else,
/// and any order but those of creation and name, is looked for among the newest <see cref="Bound"/> of what was sought, and the count
/// says so.
/// </summary>
public sealed class InstanceQueries(AlizeDb db)
{
    /// <summary>Rows that a query looks at, at most; pages by number end here, pages by cursor go on.</summary>
    public const int Bound = 10_000;

    /// <summary>Longest page.</summary>
    public const int LongestPage = 1_000;

    /// <summary>A page by number, as Elsa Studio asks for it.</summary>
    /// <param name="filter">Which instances.</param>
    /// <param name="order">Sorted by what.</param>
    /// <param name="descending">Greatest first.</param>
    /// <param name="page">From 0.</param>
    /// <param name="pageSize">Lines, <see cref="LongestPage"/> at most.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<InstancePage> PageAsync(
        InstanceFilter filter, InstanceOrder order, bool descending, int page, int pageSize, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        var size = Math.Min(pageSize, LongestPage);
        var skip = (long)page * size;
        var count = await CountAsync(filter, cancel);
        if (skip >= count.Value) return new([], count);

        var wanted = (int)skip + size;
        var seek = await InstanceSeek.ForAsync(db, filter, order == InstanceOrder.Name && IsAlone(filter) ? order : InstanceOrder.Created, cancel);
        var sought = seek.IsWhole && order == seek.Order
            ? seek.Take(descending, wanted)
            : seek.Rest(seek.Candidates());
        return new(await InstanceSeek.Sorted(sought, order, descending).Skip((int)skip).Take(size).ToListAsync(cancel), count);
    }

    /// <summary>
    /// The page after a cursor, by creation, for programs that read everything: an instance comes once.
    /// </summary>
    /// <param name="filter">Which instances.</param>
    /// <param name="descending">Newest first.</param>
    /// <param name="cursor"><see cref="InstanceSlice.Next"/> of the page before. Null: the first page.</param>
    /// <param name="take">Lines, <see cref="LongestPage"/> at most.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="FormatException">The cursor is not one of this list's.</exception>
    public async Task<InstanceSlice> AfterAsync(InstanceFilter filter, bool descending, string? cursor, int take, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(take);
        var size = Math.Min(take, LongestPage);
        var after = cursor is null ? null : InstanceCursor.Parse(cursor, descending);
        var seek = await InstanceSeek.ForAsync(db, filter, InstanceOrder.Created, cancel);
        if (seek.IsWhole)
        {
            var rows = await InstanceSeek.Sorted(seek.Take(descending, size + 1, after), InstanceOrder.Created, descending).Take(size + 1).ToListAsync(cancel);
            return rows.Count <= size ? new(rows, null) : new(rows[..size], InstanceCursor.Of(rows[size - 1], descending));
        }

        var window = InstanceSeek.Sorted(seek.Take(descending, Bound, after), InstanceOrder.Created, descending).Take(Bound);
        var found = await InstanceSeek.Sorted(seek.Rest(window), InstanceOrder.Created, descending).Take(size + 1).ToListAsync(cancel);
        if (found.Count > size) return new(found[..size], InstanceCursor.Of(found[size - 1], descending));
        var last = await window.Skip(Bound - 1).FirstOrDefaultAsync(cancel);
        return new(found, last is null ? null : InstanceCursor.Of(last, descending));
    }

    /// <summary>How many instances there are.</summary>
    public async Task<InstanceCount> CountAsync(InstanceFilter filter, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var seek = await InstanceSeek.ForAsync(db, filter, InstanceOrder.Created, cancel);
        var sought = await seek.Ids(Bound + 1).CountAsync(cancel);
        var isExact = sought <= Bound;
        if (seek.IsWhole) return new(Math.Min(sought, Bound), isExact);
        return new(await seek.Rest(seek.Candidates()).Take(Bound).CountAsync(cancel), isExact);
    }

    /// <summary>Whether nothing but the programme is asked for.</summary>
    private static bool IsAlone(InstanceFilter filter) => filter with { TenantId = null } is
    {
        SearchTerm: null or "", DefinitionIds.Count: 0, CorrelationId: null, Version: null, HasIncidents: null,
        Statuses.Count: 0, SubStatuses.Count: 0, Moments.Count: 0,
    };
}
