using System.Globalization;
using Alize.Domain;
using Alize.Workflows;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Alize.Web.Look;

/// <summary>An amount: <c>&lt;alize-money value="advance.Principal" /&gt;</c>. Null shows a dash.</summary>
[HtmlTargetElement("alize-money", TagStructure = TagStructure.WithoutEndTag)]
public sealed class MoneyFigure : TagHelper
{
    public Money? Value { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Value is { Cents: < 0 } ? "figure figure-negative" : "figure");
        output.Content.SetContent(Value?.ToString() ?? "–");
    }
}

/// <summary>
/// A legal day, <c>&lt;alize-date day="installment.DueOn" /&gt;</c>, or an instant in the territory's time,
/// <c>&lt;alize-date at="entry.At" /&gt;</c>. <c>long</c> spells the month. Null shows a dash.
/// </summary>
[HtmlTargetElement("alize-date", TagStructure = TagStructure.WithoutEndTag)]
public sealed class DateFigure(ProgrammeClock clock) : TagHelper
{
    public DateOnly? Day { get; set; }

    /// <summary>UTC.</summary>
    public DateTime? At { get; set; }

    public bool Long { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagMode = TagMode.StartTagAndEndTag;
        var local = At is { } at ? clock.ToLocal(at) : (DateTime?)null;
        var day = Day ?? (local is { } l ? DateOnly.FromDateTime(l) : null);
        if (day is null)
        {
            output.TagName = "span";
            output.Content.SetContent("–");
            return;
        }

        output.TagName = "time";
        output.Attributes.SetAttribute("class", "figure");
        output.Attributes.SetAttribute("datetime", At is { } instant
            ? instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : day.Value.ToString("O", CultureInfo.InvariantCulture));
        var words = Long ? FrenchText.Date(day.Value) : FrenchText.Short(day.Value);
        output.Content.SetContent(local is { } moment ? $"{words} à {FrenchText.Time(TimeOnly.FromDateTime(moment))}" : words);
    }
}
