using Markdig;

namespace Alize.Workflows.Documents;

/// <summary>
/// The Markdown of documents: CommonMark with tables, and four containers between lines of three colons, whose name follows the
/// first: <c>::: adresse</c> (the addressee of a letter), <c>::: encadre</c> (a frame), <c>::: signatures</c> (a list whose items are
/// places to sign) and <c>::: page</c> (begins a page). HTML is shown as text.
/// </summary>
public static class DocumentDialect
{
    public const string Address = "adresse";
    public const string Frame = "encadre";
    public const string SigningPlaces = "signatures";
    public const string NewPage = "page";

    public static MarkdownPipeline Pipeline { get; } = new MarkdownPipelineBuilder().UsePipeTables().UseCustomContainers().DisableHtml().Build();
}
