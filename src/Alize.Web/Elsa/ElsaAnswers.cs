namespace Alize.Web.Elsa;

/// <summary>Everything there is of a thing.</summary>
internal sealed record ListAnswer<T>(IReadOnlyList<T> Items)
{
    public int Count => Items.Count;
}

/// <summary>A page of a longer list.</summary>
/// <param name="Items">The page.</param>
/// <param name="TotalCount">How many there are on all pages.</param>
internal sealed record PagedAnswer<T>(IReadOnlyList<T> Items, long TotalCount);

/// <summary>A page asked for in the query: numbered from zero; without size, everything.</summary>
internal readonly record struct ElsaPage(int? Page, int? PageSize)
{
    private const int Everything = int.MaxValue;

    public int Skip => PageSize is > 0 and var size && Page is > 0 and var page ? (int)Math.Min((long)page * size, Everything) : 0;

    public int Take => PageSize is > 0 and var size ? size : Everything;

    /// <summary>The page of rows that are sorted already.</summary>
    public IQueryable<T> Of<T>(IQueryable<T> rows)
    {
        if (Skip > 0) rows = rows.Skip(Skip);
        return PageSize is > 0 ? rows.Take(Take) : rows;
    }
}

/// <summary>
/// A link as Elsa writes it. The Studio allows what it finds a <c>rel</c> for: without <c>bulk-publish</c> in a list, and <c>publish</c>
/// in a definition, everything is read-only.
/// </summary>
internal sealed record ElsaLink(string Href, string Rel, string Method);
