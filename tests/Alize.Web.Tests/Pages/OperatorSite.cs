using System.Net;
using Alize.Data;
using Alize.Data.People;
using Alize.Domain.Programmes;
using Alize.Web.Commands;
using Alize.Web.Hosting;
using Alize.Workflows.Demo;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Alize.Web.Tests.Pages;

/// <summary>
/// The whole web program on a SQLite file of its own and a clock that only the test moves, with the demonstration's territory, the
/// story of <see cref="OperatorWorld"/>, a controller, and a programme of others.
/// </summary>
public sealed class OperatorSite : IAsyncLifetime
{
    public const string Password = "Alize-essai-2026";
    public const string Controller = "controle@alize.example";
    public const string SecondOperator = "seconde@alize.example";
    public const string OtherOperator = "ailleurs@alize.example";
    public const string OtherSlug = "ailleurs";

    private readonly string directory = Path.Combine(Path.GetTempPath(), $"alize-pages-{Guid.NewGuid():N}");
    private WebApplication? app;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 8, 30, 0, TimeSpan.Zero));

    public OperatorWorld World { get; private set; } = null!;

    public string Url => app!.Urls.First();

    public IServiceProvider Services => app!.Services;

    public async ValueTask InitializeAsync() => await StartAsync("http://127.0.0.1:0");

    public async Task StartAsync(string url)
    {
        Directory.CreateDirectory(directory);
        var builder = AlizeHost.CreateBuilder(
            ["--applicationName=Alize.Web", "--environment=Development", $"--urls={url}", $"--Database:DataDirectory={directory}", $"--Mail:Directory={Path.Combine(directory, "mail")}", "--Alize:SeedDemo=true"]);
        builder.AddWeb();
        builder.Logging.ClearProviders();
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
        app = builder.Build();
        app.UseWeb();
        await Start.PrepareAsync(app.Services, isDevelopment: true, CancellationToken.None);
        World = await OperatorWorld.TellAsync(app.Services, Time);
        await AddPeopleAsync();
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>A browser in which that person is signed in.</summary>
    public async Task<Browser> SignInAsync(string email = DemoTerritory.OperatorEmail, string password = DemoTerritory.OperatorPassword)
    {
        var browser = new Browser(new Uri(Url));
        var form = await browser.GetAsync("/account/sign-in");
        var answer = await browser.SubmitAsync(form, "main form", new() { ["email"] = email, ["password"] = password });
        Assert.NotEqual(HttpStatusCode.BadRequest, answer.Status);
        return browser;
    }

    public async Task<T> AskAsync<T>(Func<AlizeDb, Task<T>> question)
    {
        await using var scope = Services.CreateAsyncScope();
        return await question(scope.ServiceProvider.GetRequiredService<AlizeDb>());
    }

    private async Task AddPeopleAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AlizeUser>>();
        var other = new Programme { Id = Guid.CreateVersion7(), Slug = OtherSlug, Name = "ALIZÉ® Ailleurs", Territory = "Ailleurs", SignedOn = new(2026, 1, 5) };
        other.Agree(new() { Id = Guid.CreateVersion7(), ProgrammeId = other.Id, From = other.SignedOn });
        db.Programmes.Add(other);
        foreach (var (email, name, programme, role) in new[]
                 {
                     (Controller, "Denis Aubert", World.ProgrammeId, MemberRole.Controller),
                     (SecondOperator, "Marc Lefèvre", World.ProgrammeId, MemberRole.Operator),
                     (OtherOperator, "Lucie Morin", other.Id, MemberRole.Operator),
                 })
        {
            var user = new AlizeUser { UserName = email, Email = email, FullName = name, EmailConfirmed = true };
            Assert.True((await users.CreateAsync(user, Password)).Succeeded);
            db.ProgrammeMembers.Add(new() { UserId = user.Id, ProgrammeId = programme, Role = role });
        }

        await db.SaveChangesAsync();
    }
}

/// <summary>An answer, read as a browser reads it.</summary>
public sealed record Answer(HttpStatusCode Status, Uri Address, IHtmlDocument Page)
{
    /// <summary>All that is written in the main part, spaces folded and no-break spaces made plain.</summary>
    public string Text => string.Join(' ', (Page.QuerySelector("main") ?? Page.Body)!.TextContent
        .Replace('\u00A0', ' ').Replace('\u202F', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>A person's browser without JavaScript: keeps cookies, follows links, fills in forms.</summary>
public sealed class Browser(Uri site) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true }) { BaseAddress = site };

    public async Task<Answer> GetAsync(string path) => await ReadAsync(await http.GetAsync(path));

    /// <summary>What a download link gives.</summary>
    public async Task<(HttpStatusCode Status, byte[] File, string Name)> DownloadFileAsync(string path)
    {
        using var answer = await http.GetAsync(path);
        var disposition = answer.Content.Headers.ContentDisposition;
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(), disposition?.FileNameStar ?? disposition?.FileName ?? "");
    }

    /// <summary>Sends a form of the page as it stands, with these values changed; radios and ticks as the page has them.</summary>
    public async Task<Answer> SubmitAsync(Answer from, string selector, Dictionary<string, string> changes)
    {
        var form = from.Page.QuerySelector(selector) as IHtmlFormElement ?? throw new InvalidOperationException($"'{from.Address}' has no form '{selector}'.");
        var values = new List<KeyValuePair<string, string>>();
        foreach (var element in form.QuerySelectorAll("input[name], select[name], textarea[name]"))
        {
            var name = element.GetAttribute("name")!;
            if (changes.ContainsKey(name)) continue;
            if (element is IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false }) continue;
            values.Add(new(name, element switch { IHtmlInputElement i => i.Value, IHtmlSelectElement s => s.Value ?? "", IHtmlTextAreaElement t => t.Value, _ => "" }));
        }

        values.AddRange(changes);
        var action = form.GetAttribute("action");
        return await PostAsync(string.IsNullOrEmpty(action) ? from.Address.PathAndQuery : action, values);
    }

    public async Task<Answer> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> values)
    {
        using var content = new FormUrlEncodedContent(values);
        return await ReadAsync(await http.PostAsync(path, content));
    }

    /// <summary>Presses the button of a form whose answer is a file.</summary>
    public Task<HttpResponseMessage> SendFormAsync(Answer from, string selector)
    {
        var form = from.Page.QuerySelector(selector) as IHtmlFormElement ?? throw new InvalidOperationException($"'{from.Address}' has no form '{selector}'.");
        var values = form.QuerySelectorAll("input[name]").OfType<IHtmlInputElement>().Select(i => KeyValuePair.Create(i.Name!, i.Value));
        return http.PostAsync(form.GetAttribute("action"), new FormUrlEncodedContent(values));
    }

    /// <summary>Sends a form with a file, as a browser does.</summary>
    public async Task<Answer> UploadAsync(Answer from, string path, byte[] file, string fileName)
    {
        using var content = new MultipartFormDataContent
        {
            { new StringContent(from.Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!), "__RequestVerificationToken" },
            { new ByteArrayContent(file), "file", fileName },
        };
        return await ReadAsync(await http.PostAsync(path, content));
    }

    public async Task<(string Name, string Text)> DownloadNamedAsync(string path)
    {
        var response = await http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (response.Content.Headers.ContentDisposition!.FileNameStar!, await response.Content.ReadAsStringAsync());
    }

    public Task<byte[]> DownloadAsync(string path) => http.GetByteArrayAsync(path);

    public void Dispose() => http.Dispose();

    private static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        response.StatusCode, response.RequestMessage!.RequestUri!, new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync()));
}
