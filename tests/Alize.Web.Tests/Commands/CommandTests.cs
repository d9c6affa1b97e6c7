using Alize.Web.Commands;
using Alize.Web.Demo;
using Alize.Workflows.Demo.Years;
using Microsoft.Extensions.Hosting;

namespace Alize.Web.Tests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("alize-check-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_demonstration_plays_a_whole_life_and_every_figure_holds() =>
        Assert.Equal(0, await PlayDemo.RunAsync([]));

    [Fact]
    public async Task The_demonstration_of_the_other_ends_holds() =>
        Assert.Equal(0, await PlayDemo.RunAsync(["--refuse"]));

    [Fact]
    public async Task The_story_of_years_is_played_on_the_site_itself() =>
        await ThreeYears.RunAsync(YearsPlan.Of(seed: 3, new(2023, 1, 16), months: 3, projects: 3), look: false, TestContext.Current.CancellationToken);

    [Fact]
    public async Task The_demonstration_stops_its_service_in_order_instead_of_breaking_it_off()
    {
        var cancel = TestContext.Current.CancellationToken;
        var stopped = CancellationToken.None;
        await using (var world = await DemoWorld.StartAsync(cancel))
            await world.DoAsync<IHostApplicationLifetime>(lifetime => Task.FromResult(stopped = lifetime.ApplicationStopped));

        Assert.True(stopped.IsCancellationRequested);
    }

    [Fact]
    public async Task Every_definition_that_is_shipped_passes_the_check() =>
        Assert.Equal(0, await Check.RunAsync([Path.Combine(AppContext.BaseDirectory, "workflows")]));

    [Theory]
    [InlineData("""{ "definitionId": "broken", """)]
    [InlineData("""{ "definitionId": "broken", "name": "b", "version": 1, "root": { "id": "root", "type": "Alize.RemindComany", "version": 1 } }""")]
    public async Task A_broken_definition_fails_the_check(string json)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "broken.json"), json, TestContext.Current.CancellationToken);

        Assert.Equal(1, await Check.RunAsync([folder]));
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_fails_the_check() =>
        Assert.Equal(1, await Check.RunAsync([Path.Combine(folder, "nowhere")]));
}
