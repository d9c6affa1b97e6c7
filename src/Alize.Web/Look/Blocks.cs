using Alize.Domain;
using Alize.Workflows;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Alize.Web.Look;

/// <summary>
/// Nothing to show yet, and what to do about it:
/// <c>&lt;alize-empty title="Aucune séance prévue"&gt;Planifiez la première…&lt;/alize-empty&gt;</c>.
/// </summary>
[HtmlTargetElement("alize-empty")]
public sealed class EmptyState : TagHelper
{
    public string Title { get; set; } = "";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "empty");
        var title = new TagBuilder("p");
        title.AddCssClass("empty-title");
        title.InnerHtml.Append(Title);
        output.Content.AppendHtml("<svg viewBox='0 -4 64 40' aria-hidden='true' focusable='false'><path d='M4 12h34a7 7 0 1 0-7-7M4 20h46a6 6 0 1 1-6 6M12 28h16'/></svg>");
        output.Content.AppendHtml(title);
        output.Content.AppendHtml(content);
    }
}

/// <summary>
/// All that was refused, at the top of the form, each with a link to its field: <c>&lt;alize-problems of="Model.Problems" /&gt;</c>.
/// Takes the focus when the page opens, so that a screen reader starts there.
/// </summary>
[HtmlTargetElement("alize-problems", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ProblemSummary : TagHelper
{
    public IReadOnlyList<Problem> Of { get; set; } = [];

    [HtmlAttributeNotBound, ViewContext]
    public ViewContext ViewContext { get; set; } = new();

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Of.Count == 0)
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "problems");
        output.Attributes.SetAttribute("role", "alert");
        output.Attributes.SetAttribute("tabindex", "-1");
        output.Attributes.SetAttribute("autofocus", "autofocus");
        var title = (Of.Count == 1, ViewContext.ViewData["Language"] is "en") switch
        {
            (true, false) => "Un point est à corriger",
            (false, false) => "Des points sont à corriger",
            (true, true) => "One thing needs your attention",
            (false, true) => "Some things need your attention",
        };
        output.Content.AppendHtml($"<p class='problems-title'>{title}</p>");
        var list = new TagBuilder("ul");
        foreach (var problem in Of)
        {
            var line = new TagBuilder("li");
            var sentence = FrenchText.Typeset(problem.Sentence);
            if (problem.Field.Length == 0)
            {
                line.InnerHtml.Append(sentence);
            }
            else
            {
                var link = new TagBuilder("a");
                link.Attributes["href"] = "#" + Field.IdOf(problem.Field);
                link.InnerHtml.Append(sentence);
                line.InnerHtml.AppendHtml(link);
            }

            list.InnerHtml.AppendHtml(line);
        }

        output.Content.AppendHtml(list);
    }
}

/// <summary>
/// A button that changes something, as a plain POST form with its antiforgery token; the content holds hidden inputs.
/// <c>&lt;alize-post action="@url" label="Payer l’avance" confirm="15 000 € seront versés à Atelier du Lac." /&gt;</c>:
/// with <c>confirm</c> the button unfolds the sentence and a second button, without JavaScript.
/// </summary>
[HtmlTargetElement("alize-post")]
public sealed class PostButton(IHtmlGenerator html) : TagHelper
{
    /// <summary>Address. Empty: the page itself.</summary>
    public string Action { get; set; } = "";

    public string Label { get; set; } = "";

    /// <summary><c>primary</c>, <c>secondary</c> or <c>danger</c>.</summary>
    public string Look { get; set; } = "primary";

    /// <summary>What will happen, asked for confirmation. Null: none is asked.</summary>
    public string? Confirm { get; set; }

    [HtmlAttributeNotBound, ViewContext]
    public ViewContext ViewContext { get; set; } = new();

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var hidden = await output.GetChildContentAsync();
        var form = new TagBuilder("form");
        form.Attributes["method"] = "post";
        if (Action.Length > 0) form.Attributes["action"] = Action;
        form.InnerHtml.AppendHtml(html.GenerateAntiforgery(ViewContext));
        form.InnerHtml.AppendHtml(hidden);
        var button = new TagBuilder("button");
        button.Attributes["type"] = "submit";
        button.AddCssClass($"btn btn-{Look}");
        button.InnerHtml.Append(Confirm is null ? Label : $"Oui, {char.ToLowerInvariant(Label[0])}{Label[1..]}");
        form.InnerHtml.AppendHtml(button);

        output.TagMode = TagMode.StartTagAndEndTag;
        if (Confirm is null)
        {
            output.TagName = "div";
            output.Attributes.SetAttribute("class", "post");
            output.Content.SetHtmlContent(form);
            return;
        }

        output.TagName = "details";
        output.Attributes.SetAttribute("class", "post confirm");
        var summary = new TagBuilder("summary");
        summary.AddCssClass($"btn btn-{Look}");
        summary.InnerHtml.Append(Label);
        var question = new TagBuilder("p");
        question.InnerHtml.Append(Confirm);
        output.Content.AppendHtml(summary).AppendHtml("<div class='confirm-box'>").AppendHtml(question).AppendHtml(form).AppendHtml("</div>");
    }
}

/// <summary>
/// From one part of a long list to the next, by key: <c>&lt;alize-pages first="@url" next="@urlAfterTheLastKey" /&gt;</c>; an empty
/// address shows no link.
/// </summary>
[HtmlTargetElement("alize-pages", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ListPages : TagHelper
{
    /// <summary>Back to the beginning.</summary>
    public string? First { get; set; }

    public string? Next { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (string.IsNullOrEmpty(First) && string.IsNullOrEmpty(Next))
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "nav";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "list-pages");
        output.Attributes.SetAttribute("aria-label", "Suite de la liste");
        Link(First, "← Revenir au début", "first");
        Link(Next, "Voir la suite →", "next");

        void Link(string? href, string words, string rel)
        {
            if (string.IsNullOrEmpty(href)) return;
            var link = new TagBuilder("a");
            link.Attributes["href"] = href;
            link.Attributes["rel"] = rel;
            link.AddCssClass("btn btn-secondary");
            link.InnerHtml.Append(words);
            output.Content.AppendHtml(link);
        }
    }
}
