using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Alize.Web.Tests.Shell;

/// <summary>A browser without JavaScript: keeps cookies, follows redirects, sends forms with what stands in their fields.</summary>
public sealed class Browser(TestSite site) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = site.Address };

    public HttpResponseMessage Answer { get; private set; } = new();

    public IHtmlDocument Page { get; private set; } = new HtmlParser().ParseDocument("");

    public int Status => (int)Answer.StatusCode;

    public string Path => Answer.RequestMessage!.RequestUri!.PathAndQuery;

    /// <summary>The words of the page, with ordinary spaces.</summary>
    public string Text => string.Join(' ', Page.QuerySelector("main")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public void Dispose() => http.Dispose();

    public Task OpenAsync(string path) => SendAsync(new(HttpMethod.Get, path));

    public async Task SendAsync(HttpRequestMessage request)
    {
        Answer = await http.SendAsync(request, TestSite.Cancel);
        Page = new HtmlParser().ParseDocument(await Answer.Content.ReadAsStringAsync(TestSite.Cancel));
    }

    /// <summary>Fills the page's form and presses one of its buttons.</summary>
    /// <param name="button">Its value; null for a form with one button.</param>
    /// <param name="values">What is typed, by field.</param>
    public async Task PressAsync(string? button = null, params (string Name, string Value)[] values)
    {
        var form = (IHtmlFormElement)Page.QuerySelector("main form")!;
        var sent = new Dictionary<string, string>();
        foreach (var field in form.QuerySelectorAll("input[name], select[name], textarea[name]"))
        {
            if (field is IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false }) continue;
            sent[field.GetAttribute("name")!] = field switch
            {
                IHtmlInputElement input => input.Value,
                IHtmlTextAreaElement area => area.Value,
                IHtmlSelectElement select => select.Value ?? "",
                _ => "",
            };
        }

        foreach (var (name, value) in values)
        {
            Assert.NotNull(form.QuerySelector($"[name='{name}']"));
            sent[name] = value;
        }

        if (button is not null)
        {
            var pressed = form.QuerySelector($"button[name][value='{button}']");
            Assert.NotNull(pressed);
            sent[pressed.GetAttribute("name")!] = button;
        }

        var action = new Uri(Answer.RequestMessage!.RequestUri!, form.GetAttribute("action") ?? "");
        await SendAsync(new(HttpMethod.Post, action) { Content = new FormUrlEncodedContent(sent) });
    }

    public string Header(string name) =>
        string.Join(", ", Answer.Headers.TryGetValues(name, out var values) || Answer.Content.Headers.TryGetValues(name, out values) ? values : []);

    public string ValueOf(string field) => ((IHtmlInputElement)Page.QuerySelector($"[name='{field}']")!).Value;
}
