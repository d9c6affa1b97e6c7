using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Alize.Web.Look;

/// <summary>One step of the way to a page; the layout shows them above the title.</summary>
public sealed record Crumb(string Words, string Href);

/// <summary>One line of a timeline, newest first: <c>&lt;partial name="_Timeline" model="lines" /&gt;</c>.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Who.</param>
/// <param name="Text">What happened.</param>
/// <param name="Kind">Kind of the trail's entry; alerts stand out.</param>
/// <param name="Href">Where to read more. Null for nowhere.</param>
public sealed record TimelineLine(DateTime At, string Actor, string Text, string Kind = "", string? Href = null)
{
    public bool IsAlert => Kind is "payment-refused" or "refusal" or "escalation" or "incident";
}

/// <summary>What a page tells the layout.</summary>
public static class PageWords
{
    /// <summary>The way to this page: <c>ViewData.Crumbs(new("Projets", Model.Root + "/projects"))</c>.</summary>
    public static void Crumbs(this ViewDataDictionary view, params Crumb[] crumbs) => view["crumbs"] = crumbs;

    public static IReadOnlyList<Crumb> Crumbs(this ViewDataDictionary view) => view["crumbs"] as Crumb[] ?? [];
}
