using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Alize.Data.People;
using Alize.Web.Tests.Shell;
using Alize.Workflows.Demo;

namespace Alize.Web.Tests.Elsa;

/// <summary>The Studio's page and files. The files come from npm with the build: these tests need it to have found Node.js.</summary>
public class StudioHostingTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    [Theory]
    [InlineData("_framework/blazor.webassembly.js", "text/javascript", "no-cache")]
    [InlineData("_content/MudBlazor/MudBlazor.min.css", "text/css", "no-cache")]
    [InlineData("appsettings.json", "application/json", "no-cache")]
    public async Task Files_have_their_type_and_are_asked_for_again(string path, string type, string cache)
    {
        using var answer = await GetAsync($"/studio/{path}", "br");
        Assert.Equal((HttpStatusCode.OK, type, cache), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.ToString()));
        using var again = await GetAsync($"/studio/{path}", "br", answer.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Files_named_by_their_hash_are_kept_for_a_year()
    {
        var wasm = $"_framework/{Path.GetFileName(Directory.EnumerateFiles(Path.Combine(Folder(), "_framework"), "Elsa.Api.Client.*.wasm").Single())}";
        using var answer = await GetAsync($"/studio/{wasm}", "gzip, br");
        Assert.Equal("application/wasm", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", answer.Headers.GetValues("Cache-Control")));
        var icu = $"_framework/{Path.GetFileName(Directory.EnumerateFiles(Path.Combine(Folder(), "_framework"), "icudt*.dat").Single())}";
        using var data = await GetAsync($"/studio/{icu}", "br");
        Assert.Equal("application/octet-stream", data.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_file_comes_compressed_as_the_browser_takes_it_and_says_the_same()
    {
        var texts = new List<string>();
        foreach (var (accepted, sent) in new[] { ("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", "") })
        {
            using var answer = await GetAsync("/studio/_content/MudBlazor/MudBlazor.min.js", accepted);
            Assert.Equal(sent, string.Join(",", answer.Content.Headers.ContentEncoding));
            Assert.Contains("Accept-Encoding", answer.Headers.Vary);
            await using var body = await answer.Content.ReadAsStreamAsync(ElsaSite.Cancel);
            await using Stream plain = sent switch { "br" => new BrotliStream(body, CompressionMode.Decompress), "gzip" => new GZipStream(body, CompressionMode.Decompress), _ => body };
            using var reader = new StreamReader(plain);
            texts.Add(await reader.ReadToEndAsync(ElsaSite.Cancel));
        }

        Assert.Single(texts.Distinct());
    }

    [Theory]
    [InlineData("_framework/nope.wasm")]
    [InlineData("_content/MudBlazor/nope.js")]
    [InlineData("_framework/blazor.webassembly.js.br")]
    [InlineData("../appsettings.json.txt")]
    [InlineData("%2e%2e/%2e%2e/package.json")]
    public async Task What_is_no_file_of_the_Studio_is_not_found(string path)
    {
        using var answer = await GetAsync($"/studio/{path}", "br");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Operators_and_designers_get_in_and_others_see_that_they_may_not()
    {
        using var stranger = new Browser(site);
        await stranger.OpenAsync("/studio");
        Assert.StartsWith("/account/sign-in", stranger.Path, StringComparison.Ordinal);

        await site.AddAsync("studio-lit@alize.example", "Luce Lit", MemberRole.Controller);
        await site.AddAsync("studio-dessine@alize.example", "Dora Dessine", MemberRole.Designer);
        using var reader = await SignedInAsync("studio-lit@alize.example", ElsaSite.Password);
        await reader.OpenAsync("/studio/workflows/definitions");
        Assert.Equal(403, reader.Status);
        await reader.OpenAsync("/studio/token");
        Assert.Equal(403, reader.Status);
        using var designer = await SignedInAsync("studio-dessine@alize.example", ElsaSite.Password);
        await designer.OpenAsync("/studio/workflows/definitions/company-project/edit");
        Assert.Equal(200, designer.Status);
        Assert.Contains("Dora Dessine", designer.Page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_says_what_is_shown_and_the_page_brings_a_token_that_opens_the_interface()
    {
        using var browser = await SignedInAsync(DemoTerritory.OperatorEmail, DemoTerritory.OperatorPassword);
        foreach (var (path, element, value) in new[]
                 {
                     ("/studio", "elsa-workflow-definition-list", ""),
                     ("/studio/workflows/definitions", "elsa-workflow-definition-list", ""),
                     ("/studio/workflows/definitions/a%20b.c/edit", "elsa-workflow-definition-editor", "a b.c"),
                     ("/studio/workflows/instances", "elsa-workflow-instance-list", ""),
                     ("/studio/workflows/instances/i-1/view", "elsa-workflow-instance-viewer", "i-1"),
                 })
        {
            await browser.OpenAsync(path);
            var studio = browser.Page.QuerySelector("#studio")!;
            Assert.Equal((200, element, value), (browser.Status, studio.GetAttribute("data-element"), studio.GetAttribute("data-value")));
            Assert.Equal($"{site.Address.OriginalString.TrimEnd('/')}/elsa/api", studio.GetAttribute("data-endpoint"));
            Assert.Equal("no-store", browser.Header("Cache-Control"));
            using var program = new ElsaClient(site.Address, new("Bearer", studio.GetAttribute("data-token")));
            Assert.Equal(200, (await program.GetAsync("/workflow-definitions/query/count")).Status);
        }

        await browser.OpenAsync("/studio/somewhere/else");
        Assert.Equal(404, browser.Status);
        await browser.OpenAsync("/workflows/definitions/company-project/edit");   // the Studio's own links ignore where it lives
        Assert.Equal("/studio/workflows/definitions/company-project/edit", browser.Path);
    }

    [Fact]
    public async Task The_Studio_alone_may_compile_and_write_inline()
    {
        using var browser = await SignedInAsync(DemoTerritory.OperatorEmail, DemoTerritory.OperatorPassword);
        await browser.OpenAsync("/studio");
        Assert.Contains("'wasm-unsafe-eval'", browser.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("http", browser.Header("Content-Security-Policy"), StringComparison.Ordinal);
        await browser.OpenAsync("/");
        Assert.DoesNotContain("unsafe", browser.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    private async Task<Browser> SignedInAsync(string email, string password)
    {
        var browser = new Browser(site);
        await browser.OpenAsync("/account/sign-in");
        await browser.PressAsync(null, ("email", email), ("password", password));
        return browser;
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accepted, EntityTagHeaderValue? tag = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = site.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        if (tag is not null) request.Headers.IfNoneMatch.Add(tag);
        return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, ElsaSite.Cancel);
    }

    private static string Folder() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "studio.path")).Trim();
}
