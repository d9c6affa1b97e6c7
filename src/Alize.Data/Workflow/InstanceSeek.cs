using System.Linq.Expressions;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;

namespace Alize.Data.Workflow;

/// <summary>
/// The part of a filter that an index answers, as lanes: each lane is one value for every leading column of one index, so that its rows
/// come sorted and reading stops at the number wanted. The lanes are joined by the database. What the index does not answer is the rest.
/// </summary>
internal sealed class InstanceSeek
{
    // Every pair there is; a lane without rows costs one look into the index.
    private static readonly (WorkflowStatus Status, WorkflowSubStatus SubStatus)[] Pairs =
    [
        (WorkflowStatus.Running, WorkflowSubStatus.Pending),
        (WorkflowStatus.Running, WorkflowSubStatus.Executing),
        (WorkflowStatus.Running, WorkflowSubStatus.Suspended),
        (WorkflowStatus.Running, WorkflowSubStatus.Faulted),
        (WorkflowStatus.Running, WorkflowSubStatus.Interrupted),
        (WorkflowStatus.Finished, WorkflowSubStatus.Finished),
        (WorkflowStatus.Finished, WorkflowSubStatus.Cancelled),
        (WorkflowStatus.Finished, WorkflowSubStatus.Faulted),
    ];

    // More lanes than this cost more to plan than they save.
    private const int MostLanes = 64;

    private readonly InstanceFilter filter;
    private readonly Way way;
    private readonly List<IQueryable<WorkflowInstance>> lanes = [];
    private readonly List<IQueryable<WorkflowInstance>> exact = [];
    private readonly List<Expression<Func<InstanceSummary, bool>>> rest = [];

    private InstanceSeek(IQueryable<WorkflowInstance> rows, InstanceFilter filter, InstanceOrder order, IReadOnlyList<string?> tenants)
    {
        (this.filter, Order) = (filter, order);
        way = WayFor(tenants.Count);
        if (way == Way.Correlation) lanes.Add(rows.Where(i => i.CorrelationId == filter.CorrelationId));
        else if (way == Way.Incidents) lanes.Add(Within(rows.Where(i => i.IncidentCount > 0)));
        else foreach (var tenant in tenants) AddLanes(rows.Where(i => i.TenantId == tenant));

        if (Term is { } term)
        {
            // Whoever pastes a whole id finds it, however old.
            exact.Add(rows.Where(i => i.Id == term));
            exact.Add(rows.Where(i => i.CorrelationId == term).OrderByDescending(i => i.CreatedAt).Take(InstanceQueries.LongestPage));
        }

        AddRest();
    }

    /// <summary>The index that is entered.</summary>
    private enum Way
    {
        /// <summary>By tenant, in the list's order.</summary>
        Tenant,

        /// <summary>By correlation; the tenant is left to the rest, lest a planner without statistics walk through the whole programme.</summary>
        Correlation,

        /// <summary>Only what has incidents; the tenant as above.</summary>
        Incidents,

        /// <summary>By definition, status and sub-status.</summary>
        Lanes,
    }

    /// <summary>What each lane is sorted by.</summary>
    public InstanceOrder Order { get; }

    /// <summary>Whether the index answers the whole filter.</summary>
    public bool IsWhole => rest.Count == 0;

    private string? Term => filter.SearchTerm?.Trim() is { Length: > 0 } term ? term : null;

    public static async Task<InstanceSeek> ForAsync(AlizeDb db, InstanceFilter filter, InstanceOrder order, CancellationToken cancel)
    {
        var rows = db.WorkflowInstances.AsNoTracking();
        return new(rows, filter, order, filter.TenantId is { } tenant ? [tenant] : filter.Tenants is { Count: > 0 } some ? [.. some.Distinct()] : await TenantsAsync(rows, cancel));
    }

    /// <summary>Everything that may match: the newest of every lane, and what bears the very id that is searched for.</summary>
    public IQueryable<InstanceSummary> Candidates() =>
        exact.Aggregate(Take(descending: true, InstanceQueries.Bound), (some, more) => some.Union(Summaries(more)));

    /// <summary>The first rows of every lane, unsorted.</summary>
    public IQueryable<InstanceSummary> Take(bool descending, int take, InstanceCursor? after = null) => Joined(lanes.Select(lane =>
        Sorted(Summaries(after is null ? lane : after.Beyond(lane)), Order, descending).Take(take)));

    /// <summary>Ids of the first rows of all lanes together.</summary>
    public IQueryable<string> Ids(int take) => Joined(lanes.Select(lane => lane.Select(i => i.Id).Take(take))).Take(take);

    /// <summary>Narrows what was sought by what the index does not answer.</summary>
    public IQueryable<InstanceSummary> Rest(IQueryable<InstanceSummary> sought) => rest.Aggregate(sought, (some, condition) => some.Where(condition));

    public static IQueryable<InstanceSummary> Sorted(IQueryable<InstanceSummary> some, InstanceOrder order, bool descending) => (order, descending) switch
    {
        (InstanceOrder.LastExecuted, true) => some.OrderByDescending(i => i.UpdatedAt).ThenByDescending(i => i.Id),
        (InstanceOrder.LastExecuted, false) => some.OrderBy(i => i.UpdatedAt).ThenBy(i => i.Id),
        (InstanceOrder.Finished, true) => some.OrderByDescending(i => i.FinishedAt).ThenByDescending(i => i.Id),
        (InstanceOrder.Finished, false) => some.OrderBy(i => i.FinishedAt).ThenBy(i => i.Id),
        (InstanceOrder.Name, true) => some.OrderByDescending(i => i.Name).ThenByDescending(i => i.Id),
        (InstanceOrder.Name, false) => some.OrderBy(i => i.Name).ThenBy(i => i.Id),
        (_, true) => some.OrderByDescending(i => i.CreatedAt).ThenByDescending(i => i.Id),
        _ => some.OrderBy(i => i.CreatedAt).ThenBy(i => i.Id),
    };

    /// <summary>Every tenant there is, one look into the index each.</summary>
    internal static async Task<List<string?>> TenantsAsync(IQueryable<WorkflowInstance> rows, CancellationToken cancel)
    {
        var tenants = new List<string?>();
        if (await rows.AnyAsync(i => i.TenantId == null, cancel)) tenants.Add(null);
        for (var next = await rows.MinAsync(i => i.TenantId, cancel); next is not null;)
        {
            tenants.Add(next);
            var last = next;
            next = await rows.Where(i => string.Compare(i.TenantId, last) > 0).MinAsync(i => i.TenantId, cancel);
        }

        return tenants is [] ? [null] : tenants;
    }

    private static IQueryable<InstanceSummary> Summaries(IQueryable<WorkflowInstance> rows) => rows.Select(i => new InstanceSummary
    {
        Id = i.Id,
        DefinitionId = i.DefinitionId,
        DefinitionVersionId = i.DefinitionVersionId,
        Version = i.DefinitionVersion,
        Status = i.Status,
        SubStatus = i.SubStatus,
        CorrelationId = i.CorrelationId,
        Name = i.Name,
        TenantId = i.TenantId,
        ParentInstanceId = i.ParentInstanceId,
        IncidentCount = i.IncidentCount,
        CreatedAt = i.CreatedAt,
        UpdatedAt = i.UpdatedAt,
        FinishedAt = i.FinishedAt,
    });

    private static IQueryable<TRow> Joined<TRow>(IEnumerable<IQueryable<TRow>> lanes) => lanes.Aggregate((some, more) => some.Concat(more));

    private Way WayFor(int tenants) => Order != InstanceOrder.Created ? Way.Tenant
        : filter.CorrelationId is not null ? Way.Correlation
        : filter.HasIncidents == true ? Way.Incidents
        : filter is { DefinitionIds.Count: 0, Statuses.Count: 0, SubStatuses.Count: 0 } ? Way.Tenant
        : tenants * Math.Max(1, filter.DefinitionIds.Count) * PairsWanted().Count <= MostLanes ? Way.Lanes
        : Way.Tenant;

    private IReadOnlyList<(WorkflowStatus Status, WorkflowSubStatus SubStatus)> PairsWanted() =>
        [.. Pairs.Where(p => (filter.Statuses.Count == 0 || filter.Statuses.Contains(p.Status)) && (filter.SubStatuses.Count == 0 || filter.SubStatuses.Contains(p.SubStatus)))];

    private void AddLanes(IQueryable<WorkflowInstance> tenant)
    {
        if (Order == InstanceOrder.Created) tenant = Within(tenant);
        var pairs = PairsWanted();
        if (way == Way.Tenant)
            lanes.Add(tenant);
        else if (pairs.Count == 0)
            lanes.Add(tenant.Where(i => false));
        else if (filter.DefinitionIds.Count == 0)
            lanes.AddRange(pairs.Select(p => tenant.Where(i => i.Status == p.Status && i.SubStatus == p.SubStatus)));
        else
            lanes.AddRange(filter.DefinitionIds.Distinct().SelectMany(d => pairs.Select(p =>
                tenant.Where(i => i.DefinitionId == d && i.Status == p.Status && i.SubStatus == p.SubStatus))));
    }

    /// <summary>Limits on the creation, which every lane is sorted by.</summary>
    private IQueryable<WorkflowInstance> Within(IQueryable<WorkflowInstance> rows)
    {
        foreach (var moment in filter.Moments.Where(m => m.Column == InstanceMomentColumn.CreatedAt))
        {
            var at = moment.At;
            rows = moment.Operator switch
            {
                InstanceMomentOperator.LessThan => rows.Where(i => i.CreatedAt < at),
                InstanceMomentOperator.LessThanOrEqual => rows.Where(i => i.CreatedAt <= at),
                InstanceMomentOperator.GreaterThan => rows.Where(i => i.CreatedAt > at),
                InstanceMomentOperator.GreaterThanOrEqual => rows.Where(i => i.CreatedAt >= at),
                InstanceMomentOperator.Is => rows.Where(i => i.CreatedAt == at),
                _ => rows.Where(i => i.CreatedAt != at),
            };
        }

        return rows;
    }

    /// <summary>What the index does not answer; everything, where rows are added that did not come through it.</summary>
    private void AddRest()
    {
        var all = exact.Count > 0;
        if (filter.TenantId is { } tenant && (all || way is Way.Correlation or Way.Incidents)) rest.Add(i => i.TenantId == tenant);
        if (filter.Tenants is { } some && (all || way is Way.Correlation or Way.Incidents))
        {
            var (named, withNone) = (some.OfType<string>().ToList(), some.Contains(null));
            rest.Add(i => i.TenantId == null ? withNone : named.Contains(i.TenantId));
        }

        if (filter.CorrelationId is { } correlation && (all || way != Way.Correlation)) rest.Add(i => i.CorrelationId == correlation);
        if (filter.HasIncidents == true && (all || way != Way.Incidents)) rest.Add(i => i.IncidentCount > 0);
        if (filter.HasIncidents == false) rest.Add(i => i.IncidentCount == 0);
        if (filter.Version is { } version) rest.Add(i => i.Version == version);
        if (all || way != Way.Lanes)
        {
            if (filter.DefinitionIds is { Count: > 0 } ids) rest.Add(i => ids.Contains(i.DefinitionId));
            if (filter.Statuses is { Count: > 0 } statuses) rest.Add(i => statuses.Contains(i.Status));
            if (filter.SubStatuses is { Count: > 0 } subStatuses) rest.Add(i => subStatuses.Contains(i.SubStatus));
        }

        foreach (var moment in filter.Moments)
            if (all || way == Way.Correlation || Order != InstanceOrder.Created || moment.Column != InstanceMomentColumn.CreatedAt)
                rest.Add(Moment(moment));
        if (Term is not { } term) return;
#pragma warning disable CA1304, CA1308, CA1311, CA1862 // the database's own lower() does it
        var lower = term.ToLowerInvariant();
        rest.Add(i => i.Id.ToLower().Contains(lower) || i.DefinitionId.ToLower().Contains(lower)
            || (i.Name != null && i.Name.ToLower().Contains(lower))
            || (i.CorrelationId != null && i.CorrelationId.ToLower().Contains(lower)));
#pragma warning restore CA1304, CA1308, CA1311, CA1862
    }

    private static Expression<Func<InstanceSummary, bool>> Moment(InstanceMoment moment)
    {
        Expression<Func<InstanceSummary, DateTime?>> column = moment.Column switch
        {
            InstanceMomentColumn.CreatedAt => i => i.CreatedAt,
            InstanceMomentColumn.UpdatedAt => i => i.UpdatedAt,
            _ => i => i.FinishedAt,
        };
        DateTime? at = moment.At;
        Expression<Func<DateTime?>> value = () => at;
        var compared = moment.Operator switch
        {
            InstanceMomentOperator.Is => Expression.Equal(column.Body, value.Body),
            InstanceMomentOperator.IsNot => Expression.NotEqual(column.Body, value.Body),
            InstanceMomentOperator.LessThan => Expression.LessThan(column.Body, value.Body),
            InstanceMomentOperator.LessThanOrEqual => Expression.LessThanOrEqual(column.Body, value.Body),
            InstanceMomentOperator.GreaterThan => Expression.GreaterThan(column.Body, value.Body),
            _ => Expression.GreaterThanOrEqual(column.Body, value.Body),
        };
        return Expression.Lambda<Func<InstanceSummary, bool>>(compared, column.Parameters);
    }
}
