using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Alize.Web.Look;

/// <summary>
/// A status: <c>&lt;alize-badge of="project.Stage" /&gt;</c>, or free words: <c>&lt;alize-badge tone="Alert"&gt;En retard&lt;/alize-badge&gt;</c>.
/// The sign differs with the tone, so that the colour is never needed.
/// </summary>
[HtmlTargetElement("alize-badge")]
public sealed class Badge : TagHelper
{
    /// <summary>A status of <see cref="StatusText"/>. Null: <see cref="Tone"/> and the content are used.</summary>
    public object? Of { get; set; }

    public Tone Tone { get; set; } = Tone.Running;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var content = await output.GetChildContentAsync();
        var tone = Tone;
        if (Of is not null)
        {
            (tone, var words) = StatusText.Of(Of);
            output.Content.SetContent(words);
        }
        else
        {
            output.Content.SetHtmlContent(content);
        }

        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"status status-{tone.ToString().ToLowerInvariant()}");
        output.PreContent.SetHtmlContent(Sign(tone));
    }

    private static string Sign(Tone tone)
    {
        var drawing = tone switch
        {
            Tone.Running => "<path d='M2 8h9M8 4l4 4-4 4'/>",
            Tone.Waiting => "<circle cx='8' cy='8' r='6'/><path d='M8 4.5V8l2.5 1.5'/>",
            Tone.Good => "<path d='M3 8.5l3.5 3.5L13 4.5'/>",
            Tone.Alert => "<path d='M8 2.5v7M8 13v.2'/>",
            _ => "<path d='M3 8h10'/>",
        };
        return $"<svg viewBox='0 0 16 16' aria-hidden='true' focusable='false'>{drawing}</svg>";
    }
}
