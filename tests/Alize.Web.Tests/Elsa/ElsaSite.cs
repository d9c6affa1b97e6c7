using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Alize.Data;
using Alize.Data.People;
using Alize.Web.Tests.Shell;
using Alize.Workflows.Demo;
using Microsoft.AspNetCore.Identity;

namespace Alize.Web.Tests.Elsa;

/// <summary>The service as a program sees it that signs in through the Elsa interface.</summary>
public sealed class ElsaSite : TestSite
{
    public const string Password = "Alize-essai-2026";
    public const string Designer = "conception@alize.example";
    public const string Controller = "controle@alize.example";

    /// <summary>A program without token.</summary>
    public ElsaClient Stranger() => new(Address, null);

    /// <summary>A program signed in as the operator.</summary>
    public Task<ElsaClient> OperatorAsync() => SignInAsync(DemoTerritory.OperatorEmail, DemoTerritory.OperatorPassword);

    public async Task<ElsaClient> SignInAsync(string email, string password)
    {
        using var stranger = Stranger();
        var answer = await stranger.PostAsync("/identity/login", new JsonObject { ["username"] = email, ["password"] = password });
        return new ElsaClient(Address, new("Bearer", (string?)answer.Json!["accessToken"]));
    }

    /// <summary>Somebody who signs in, with a role in the demonstration's programme.</summary>
    public Task<bool> AddAsync(string email, string name, MemberRole role) => DoAsync<UserManager<AlizeUser>, bool>(async users =>
    {
        if (await users.FindByEmailAsync(email) is not null) return false;
        var user = new AlizeUser { UserName = email, Email = email, FullName = name, EmailConfirmed = true };
        Assert.True((await users.CreateAsync(user, Password)).Succeeded);
        return await DoAsync<AlizeDb, bool>(async db =>
        {
            db.ProgrammeMembers.Add(new() { UserId = user.Id, ProgrammeId = db.Programmes.Single(p => p.Slug == DemoTerritory.Slug).Id, Role = role });
            return await db.SaveChangesAsync(Cancel) == 1;
        });
    });
}

/// <summary>An answer of the interface: its status, its text and, where it is JSON, what it says.</summary>
public sealed record ElsaAnswer(int Status, string Text, string? ContentType, HttpResponseMessage Message)
{
    public JsonNode? Json => Text.Length > 0 ? JsonNode.Parse(Text) : null;

    public string Header(string name) => Message.Headers.TryGetValues(name, out var values) || Message.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";
}

/// <summary>Sends JSON and reads JSON under <c>/elsa/api</c>.</summary>
public sealed class ElsaClient(Uri site, AuthenticationHeaderValue? authorization) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = site, DefaultRequestHeaders = { Authorization = authorization } };

    public Task<ElsaAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<ElsaAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<ElsaAnswer> PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body));

    public Task<ElsaAnswer> PutAsync(string path, JsonNode body) => SendAsync(HttpMethod.Put, path, JsonContent.Create(body));

    public Task<ElsaAnswer> PostTextAsync(string path, string body) => SendAsync(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, "application/json"));

    public async Task<ElsaAnswer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        var answer = await http.SendAsync(new(method, $"/elsa/api{path}") { Content = content }, TestSite.Cancel);
        return new((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestSite.Cancel), answer.Content.Headers.ContentType?.MediaType, answer);
    }

    public void Dispose() => http.Dispose();
}
