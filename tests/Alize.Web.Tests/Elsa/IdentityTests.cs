using System.Text.Json.Nodes;
using Alize.Data.People;
using Alize.Web.Elsa;
using Alize.Workflows.Demo;

namespace Alize.Web.Tests.Elsa;

public class IdentityTests(ElsaSite site) : IClassFixture<ElsaSite>
{
    [Fact]
    public async Task A_program_signs_in_as_at_Elsa()
    {
        using var stranger = site.Stranger();
        var answer = await stranger.PostAsync("/identity/login", Credentials(DemoTerritory.OperatorPassword));

        Assert.Equal(200, answer.Status);
        Assert.True((bool)answer.Json!["isAuthenticated"]!);
        Assert.NotEmpty((string)answer.Json["accessToken"]!);
        Assert.NotEmpty((string)answer.Json["refreshToken"]!);
    }

    [Fact]
    public async Task Wrong_credentials_answer_200_and_say_so()
    {
        using var stranger = site.Stranger();
        foreach (var body in new JsonNode?[] { Credentials("faux"), new JsonObject { ["username"] = "personne@alize.example", ["password"] = "faux" }, new JsonObject(), null })
        {
            var answer = await stranger.PostAsync("/identity/login", body);
            Assert.Equal((200, """{"isAuthenticated":false}"""), (answer.Status, answer.Text));
        }
    }

    [Fact]
    public async Task A_locked_account_gets_no_token_even_with_the_right_password()
    {
        await site.AddAsync("verrou@alize.example", "Paule Verrou", MemberRole.Designer);
        using var stranger = site.Stranger();
        var credentials = new JsonObject { ["username"] = "verrou@alize.example", ["password"] = "faux" };
        for (var tries = 0; tries < 5; tries++) await stranger.PostAsync("/identity/login", credentials);

        var answer = await stranger.PostAsync("/identity/login", new JsonObject { ["username"] = "verrou@alize.example", ["password"] = ElsaSite.Password });

        Assert.False((bool)answer.Json!["isAuthenticated"]!);
    }

    [Fact]
    public async Task A_refresh_token_gives_new_tokens_and_an_access_token_does_not()
    {
        using var stranger = site.Stranger();
        var first = (await stranger.PostAsync("/identity/login", Credentials(DemoTerritory.OperatorPassword))).Json!;
        using var refresh = new ElsaClient(site.Address, new("Bearer", (string?)first["refreshToken"]));
        using var access = new ElsaClient(site.Address, new("Bearer", (string?)first["accessToken"]));

        Assert.True((bool)(await refresh.PostAsync("/identity/refresh-token")).Json!["isAuthenticated"]!);
        Assert.Equal(401, (await access.PostAsync("/identity/refresh-token")).Status);
        Assert.Equal(401, (await stranger.PostAsync("/identity/refresh-token")).Status);
    }

    [Fact]
    public async Task Without_token_or_with_a_wrong_one_the_answer_is_Elsas_401()
    {
        using var wrong = new ElsaClient(site.Address, new("Bearer", "faux"));
        using var stranger = site.Stranger();
        foreach (var program in new[] { stranger, wrong })
        {
            var answer = await program.GetAsync("/workflow-definitions/query/count");
            Assert.Equal((401, "", "Bearer"), (answer.Status, answer.Text, answer.Header("WWW-Authenticate")));
        }
    }

    [Fact]
    public async Task A_token_ends_with_its_life()
    {
        using var program = await site.OperatorAsync();
        Assert.NotEqual(401, (await program.GetAsync("/workflow-definitions/query/count")).Status);
        site.Time.Advance(ElsaSignIn.TokenLife + TimeSpan.FromSeconds(1));
        Assert.Equal(401, (await program.GetAsync("/workflow-definitions/query/count")).Status);
    }

    [Fact]
    public async Task Who_only_reads_is_refused_and_a_designer_is_not()
    {
        await site.AddAsync(ElsaSite.Controller, "Denis Aubert", MemberRole.Controller);
        await site.AddAsync(ElsaSite.Designer, "Aline Dessin", MemberRole.Designer);
        using var controller = await site.SignInAsync(ElsaSite.Controller, ElsaSite.Password);
        using var designer = await site.SignInAsync(ElsaSite.Designer, ElsaSite.Password);

        var refused = await controller.GetAsync("/workflow-definitions/query/count");
        Assert.Equal((403, ""), (refused.Status, refused.Text));
        Assert.NotEqual(403, (await designer.GetAsync("/workflow-definitions/query/count")).Status);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_is_refused_in_Elsas_words()
    {
        using var stranger = site.Stranger();
        var answer = await stranger.PostTextAsync("/identity/login", "{\"username\":");

        Assert.Equal((400, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.Equal(400, (int)answer.Json!["statusCode"]!);
        Assert.Equal("One or more errors occurred!", (string)answer.Json["message"]!);
        Assert.Contains("LineNumber: 0", answer.Json["errors"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static JsonObject Credentials(string password) => new() { ["username"] = DemoTerritory.OperatorEmail, ["password"] = password };
}
