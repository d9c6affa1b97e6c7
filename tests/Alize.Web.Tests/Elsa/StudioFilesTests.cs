using System.IO.Compression;
using System.Text;
using Alize.Web.Studio;
using Alize.Web.Tests.Shell;
using Alize.Workflows.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Web.Tests.Elsa;

/// <summary>Where the Studio's files may be missing, or only compressed as in what is published.</summary>
public class StudioFilesTests
{
    [Fact]
    public async Task Without_the_Studio_its_page_says_in_French_how_to_get_it()
    {
        await using var site = new OtherStudioSite(_ => { });
        await site.InitializeAsync();
        using var browser = new Browser(site);
        await browser.OpenAsync("/account/sign-in");
        await browser.PressAsync(null, ("email", DemoTerritory.OperatorEmail), ("password", DemoTerritory.OperatorPassword));

        await browser.OpenAsync("/studio");

        Assert.Equal(200, browser.Status);
        Assert.Contains("Le Studio n’est pas installé", browser.Text, StringComparison.Ordinal);
        Assert.Contains("Installez Node.js 18", browser.Text, StringComparison.Ordinal);
        Assert.Empty(browser.Page.QuerySelectorAll("script"));
        await browser.OpenAsync("/studio/_framework/blazor.webassembly.js");
        Assert.Equal(404, browser.Status);
    }

    [Fact]
    public async Task A_browser_that_takes_nothing_compressed_gets_what_is_published_compressed()
    {
        await using var site = new OtherStudioSite(folder =>
        {
            var studio = Directory.CreateDirectory(Path.Combine(folder, "studio")).FullName;
            File.WriteAllText(Path.Combine(studio, "package.json"), "{}");
            using var gzip = new GZipStream(File.Create(Path.Combine(studio, "part.js.gz")), CompressionLevel.Fastest);
            gzip.Write(Encoding.UTF8.GetBytes("export const part = 1;"));
        });
        await site.InitializeAsync();
        using var http = new HttpClient { BaseAddress = site.Address };

        Assert.Equal("export const part = 1;", await http.GetStringAsync("/studio/part.js", TestSite.Cancel));
    }

    private sealed class OtherStudioSite(Action<string> fill) : TestSite
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("alize-studio-");

        protected override void Register(IServiceCollection services)
        {
            fill(folder.FullName);
            services.AddSingleton(new StudioFiles(folder.FullName));
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }
}
