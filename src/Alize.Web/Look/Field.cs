using System.Globalization;
using Alize.Data.Tasks;
using Alize.Domain;
using Alize.Workflows;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Alize.Web.Look;

/// <summary>
/// A form's field with its label, help and problem, tied together for screen readers:
/// <c>&lt;alize-field name="amount" label="Montant reçu" type="money" value="@Model.Amount" required problems="Model.Problems" /&gt;</c>.
/// Types are those of a <see cref="TaskField"/>, plus <c>email</c> and <c>password</c>; <c>of</c> takes a whole <see cref="TaskField"/>.
/// </summary>
[HtmlTargetElement("alize-field", TagStructure = TagStructure.WithoutEndTag)]
public sealed class Field : TagHelper
{
    // A short list is quicker to read than to open.
    private const int MostRadios = 5;

    public string Name { get; set; } = "";

    public string Label { get; set; } = "";

    public string Type { get; set; } = "text";

    public bool Required { get; set; }

    public string? Help { get; set; }

    /// <summary>What stands in the field: as typed by the person, else the first value. <c>true</c> ticks a checkbox.</summary>
    public string? Value { get; set; }

    /// <summary>Values of a <c>choice</c>, each also its own words.</summary>
    public IEnumerable<string>? Choices { get; set; }

    /// <summary>Values of a <c>choice</c> with their words.</summary>
    public IEnumerable<SelectListItem>? Items { get; set; }

    public string? Autocomplete { get; set; }

    /// <summary>All problems of the form; those of this name are shown here.</summary>
    public IReadOnlyList<Problem> Problems { get; set; } = [];

    public TaskField? Of { get; set; }

    /// <summary>Its page says in which language a partner reads: <c>ViewData["Language"]</c>.</summary>
    [HtmlAttributeNotBound, ViewContext]
    public ViewContext ViewContext { get; set; } = new();

    /// <summary>Where a problem's link leads.</summary>
    public static string IdOf(string name) => "f-" + name;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Of is { } field)
            (Name, Label, Type, Required, Help, Choices, Value) =
                (field.Name, field.Label, field.Type, field.IsRequired, field.Help, field.Choices, Value ?? field.Value);

        var problems = Problems.Where(p => string.Equals(p.Field, Name, StringComparison.OrdinalIgnoreCase)).ToList();
        var items = Items?.ToList() ?? Choices?.Select(c => new SelectListItem(c, c)).ToList() ?? [];
        var isGroup = Type == "choice" && items.Count is > 0 and <= MostRadios;
        output.TagName = isGroup ? "fieldset" : "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", problems.Count > 0 ? "field field-wrong" : "field");
        if (isGroup && problems.Count > 0) output.Attributes.SetAttribute("aria-describedby", ProblemId);

        var input = isGroup ? Radios(items) : Type == "choice" ? Select(items) : Type == "longtext" ? LongText() : Input();
        if (Type == "checkbox")
        {
            output.Content.AppendHtml("<div class='tick'>").AppendHtml(input).AppendHtml(Caption("label")).AppendHtml("</div>");
            AppendHelp(output.Content);
            AppendProblems(output.Content, problems);
            return;
        }

        output.Content.AppendHtml(Caption(isGroup ? "legend" : "label"));
        AppendHelp(output.Content);
        AppendProblems(output.Content, problems);
        var unit = Type switch { "money" => "€", "percent" => "%", _ => null };
        if (unit is null) output.Content.AppendHtml(input);
        else output.Content.AppendHtml("<div class='with-unit'>").AppendHtml(input).AppendHtml($"<span aria-hidden='true'>{unit}</span></div>");

        IHtmlContent Input() => Described(Basic("input"), problems, tag =>
        {
            tag.TagRenderMode = TagRenderMode.SelfClosing;
            var (type, mode, complete) = Kind();
            tag.Attributes["type"] = type;
            if (mode is not null) tag.Attributes["inputmode"] = mode;
            if ((Autocomplete ?? complete) is { } words) tag.Attributes["autocomplete"] = words;
            if (type == "checkbox")
            {
                tag.Attributes["value"] = "true";
                if (Value is "true" or "on") tag.Attributes["checked"] = "checked";
            }
            else if (type != "password")
            {
                tag.Attributes["value"] = Value ?? "";
                tag.AddCssClass("form-control");
            }
            else
            {
                tag.AddCssClass("form-control");
            }

            if (mode is "numeric" or "decimal" || type == "date") tag.AddCssClass("short");
        });

        IHtmlContent LongText() => Described(Basic("textarea"), problems, tag =>
        {
            tag.AddCssClass("form-control");
            tag.Attributes["rows"] = "4";

            // The first line break after the start tag is the browser's; the person's own must not be lost with it.
            tag.InnerHtml.AppendHtml("\n").Append(Value ?? "");
        });

        IHtmlContent Select(List<SelectListItem> options) => Described(Basic("select"), problems, tag =>
        {
            tag.AddCssClass("form-select");
            tag.InnerHtml.AppendHtml(IsEnglish ? "<option value=''>Choose…</option>" : "<option value=''>Choisissez…</option>");
            foreach (var item in options)
            {
                var option = new TagBuilder("option");
                option.Attributes["value"] = item.Value;
                if (item.Value == Value || item.Selected) option.Attributes["selected"] = "selected";
                option.InnerHtml.Append(item.Text);
                tag.InnerHtml.AppendHtml(option);
            }
        });
    }

    private bool IsEnglish => ViewContext.ViewData["Language"] is "en";

    private string Typeset(string words) => IsEnglish ? words : FrenchText.Typeset(words);

    private string ProblemId => IdOf(Name) + "-problem";

    private string HelpId => IdOf(Name) + "-help";

    private TagBuilder Basic(string element)
    {
        var tag = new TagBuilder(element);
        tag.Attributes["id"] = IdOf(Name);
        tag.Attributes["name"] = Name;
        return tag;
    }

    private TagBuilder Described(TagBuilder tag, List<Problem> problems, Action<TagBuilder> more)
    {
        if (Required) tag.Attributes["aria-required"] = "true";
        var described = new List<string>();
        if (Help is not null) described.Add(HelpId);
        if (problems.Count > 0) described.Add(ProblemId);
        if (described.Count > 0) tag.Attributes["aria-describedby"] = string.Join(' ', described);
        if (problems.Count > 0) tag.Attributes["aria-invalid"] = "true";
        more(tag);
        return tag;
    }

    private HtmlContentBuilder Radios(List<SelectListItem> items)
    {
        var all = new HtmlContentBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            var id = i == 0 ? IdOf(Name) : string.Create(CultureInfo.InvariantCulture, $"{IdOf(Name)}-{i + 1}");
            var radio = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
            radio.Attributes["type"] = "radio";
            radio.Attributes["id"] = id;
            radio.Attributes["name"] = Name;
            radio.Attributes["value"] = items[i].Value;
            if (items[i].Value == Value || items[i].Selected) radio.Attributes["checked"] = "checked";
            var label = new TagBuilder("label");
            label.Attributes["for"] = id;
            label.InnerHtml.Append(items[i].Text);
            all.AppendHtml("<div class='tick'>").AppendHtml(radio).AppendHtml(label).AppendHtml("</div>");
        }

        return all;
    }

    private TagBuilder Caption(string element)
    {
        var caption = new TagBuilder(element);
        if (element == "label") caption.Attributes["for"] = IdOf(Name);
        caption.InnerHtml.Append(Typeset(Label));
        if (!Required && Type != "checkbox") caption.InnerHtml.AppendHtml(IsEnglish ? " <span class='optional'>(optional)</span>" : " <span class='optional'>(facultatif)</span>");
        return caption;
    }

    private void AppendHelp(TagHelperContent content)
    {
        if (Help is null) return;
        var help = new TagBuilder("p");
        help.Attributes["id"] = HelpId;
        help.AddCssClass("help");
        help.InnerHtml.Append(Typeset(Help));
        content.AppendHtml(help);
    }

    private void AppendProblems(TagHelperContent content, List<Problem> problems)
    {
        if (problems.Count == 0) return;
        var text = new TagBuilder("p");
        text.Attributes["id"] = ProblemId;
        text.AddCssClass("problem");
        text.InnerHtml.AppendHtml(IsEnglish ? "<span class='visually-hidden'>Error: </span>" : "<span class='visually-hidden'>Erreur&#160;: </span>").Append(string.Join(' ', problems.Select(p => Typeset(p.Sentence))));
        content.AppendHtml(text);
    }

    /// <summary>Type, keyboard and what the browser may fill in; the name of a field says what a phone already knows.</summary>
    private (string Type, string? Mode, string? Complete) Kind() => Type switch
    {
        "integer" => ("text", "numeric", "off"),
        "money" or "percent" => ("text", "decimal", "off"),
        "date" => ("date", null, "off"),
        "checkbox" => ("checkbox", null, null),
        "password" => ("password", null, "current-password"),
        "email" => ("email", "email", "email"),
        _ when Name.EndsWith("email", StringComparison.OrdinalIgnoreCase) => ("email", "email", "email"),
        _ when Name.EndsWith("phone", StringComparison.OrdinalIgnoreCase) => ("tel", "tel", "tel"),
        _ when Name.EndsWith("personName", StringComparison.OrdinalIgnoreCase) => ("text", null, "name"),
        _ when Name.Equals("siret", StringComparison.OrdinalIgnoreCase) => ("text", "numeric", "off"),
        _ => ("text", null, null),
    };
}
