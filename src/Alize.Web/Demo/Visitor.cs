using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Alize.Web.Demo;

/// <summary>
/// A person with a browser, without JavaScript: opens pages, fills forms by the names of their fields, presses buttons. Somebody with
/// an account signs in whenever the service asks for it.
/// </summary>
internal sealed class Visitor(Uri site, string? email, string? password) : IDisposable
{
    private static readonly HtmlParser Parser = new();

    private readonly HttpClient http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true });
    private Uri? current;

    /// <summary>The page as it stands in the browser.</summary>
    public IHtmlDocument Page { get; private set; } = Parser.ParseDocument("");

    public HttpStatusCode Status { get; private set; }

    /// <summary>What the page says, on one line.</summary>
    public string Text => string.Join(' ', (Page.QuerySelector("main") ?? (INode?)Page.Body)?.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? []);

    /// <summary>What was refused, as the page says it.</summary>
    public string Refusal => string.Join(' ',
        (Page.QuerySelector("[role=alert]") ?? Page.QuerySelector(".problems"))?.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? []);

    public void Dispose() => http.Dispose();

    public async Task OpenAsync(string address, CancellationToken cancel)
    {
        await ShowAsync(await http.GetAsync(new Uri(site, address), cancel), cancel);
        if (email is null || Page.QuerySelector("input[type=password]") is null) return;
        await PressAsync("form:has(input[type=password])", null, new() { ["email"] = email, ["password"] = password! }, cancel);
        await ShowAsync(await http.GetAsync(new Uri(site, address), cancel), cancel);
        if (Page.QuerySelector("input[type=password]") is not null)
            throw new InvalidOperationException($"{email} could not sign in: {Text}");
    }

    /// <summary>Fills the form and presses its button; a field that the form does not have is a mistake of the script.</summary>
    /// <param name="form">CSS selector of the form.</param>
    /// <param name="button">Value of the button named <c>outcome</c>. Null: the form's only button.</param>
    /// <param name="values">What is typed or chosen, by the name of the field; a checkbox takes <c>true</c>.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task PressAsync(string form, string? button, Dictionary<string, string> values, CancellationToken cancel)
    {
        var element = Page.QuerySelector(form) as IHtmlFormElement
            ?? throw new InvalidOperationException($"The page {Page.Title} ({(int)Status}) has no form '{form}'. It says: {Shorten(Text)}");
        var filled = element.QuerySelectorAll("input[name], select[name], textarea[name]");
        if (values.Keys.FirstOrDefault(name => filled.All(f => f.GetAttribute("name") != name)) is { } missing)
            throw new InvalidOperationException($"The form '{form}' of {Page.Title} has no field '{missing}'. It has: {string.Join(", ", filled.Select(f => f.GetAttribute("name")).Distinct())}");

        var sent = new List<KeyValuePair<string, string>>();
        foreach (var field in filled) sent.AddRange(Fill(field, values).Select(value => KeyValuePair.Create(field.GetAttribute("name")!, value)));
        if (button is not null) sent.Add(new("outcome", button));
        using var content = new FormUrlEncodedContent(sent);
        await ShowAsync(await http.PostAsync(new Uri(current!, element.GetAttribute("action") ?? ""), content, cancel), cancel);
    }

    /// <summary>The value behind an option of a list, by what people read.</summary>
    public string Option(string select, string text) =>
        Page.QuerySelectorAll($"select[name='{select}'] option").FirstOrDefault(o => o.TextContent.Contains(text, StringComparison.Ordinal))?.GetAttribute("value")
        ?? throw new InvalidOperationException($"The list '{select}' of {Page.Title} has no '{text}'.");

    /// <summary>Names of the fields that begin so, each once.</summary>
    public IReadOnlyList<string> FieldsLike(string prefix) =>
        [.. Page.QuerySelectorAll($"[name^='{prefix}']").Select(f => f.GetAttribute("name")!).Distinct()];

    private static IEnumerable<string> Fill(IElement field, Dictionary<string, string> values)
    {
        var name = field.GetAttribute("name")!;
        var isTyped = values.TryGetValue(name, out var typed);
        switch (field)
        {
            case IHtmlInputElement { Type: "radio" or "checkbox" } box:
                var isChosen = isTyped ? typed == box.Value || (box.Type == "checkbox" && typed == "true") : box.IsChecked;
                if (isChosen) yield return box.Value;
                break;
            case IHtmlInputElement { Type: "submit" or "button" }:
                break;
            case IHtmlSelectElement select:
                yield return isTyped ? typed! : select.Value ?? "";
                break;
            case IHtmlTextAreaElement area:
                yield return isTyped ? typed! : area.Value;
                break;
            case IHtmlInputElement input:
                yield return isTyped ? typed! : input.Value;
                break;
        }
    }

    private async Task ShowAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        using (answer)
        {
            Status = answer.StatusCode;
            current = answer.RequestMessage!.RequestUri!;
            Page = Parser.ParseDocument(await answer.Content.ReadAsStringAsync(cancel));
        }
    }

    private static string Shorten(string text) => text.Length > 400 ? text[..400] + "…" : text;
}
