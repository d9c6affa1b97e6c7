using System.Text.RegularExpressions;
using Alize.Data;
using Alize.Data.Tasks;
using Alize.Engine.Runtime;
using Alize.Web.Commands;
using Alize.Web.Hosting;
using Alize.Workflows.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Alize.Web.Tests.Shell;

/// <summary>The service on a free port with the demonstration's territory, its real database and mail folder; only the clock is a fake.</summary>
public partial class TestSite : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("alize-web-").FullName;
    private WebApplication app = null!;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    public Uri Address { get; private set; } = null!;

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected virtual string Environment => "Development";

    /// <summary>Settings on top of the usual ones, as arguments; the last one of a name counts.</summary>
    protected virtual IReadOnlyList<string> Settings => [];

    public async ValueTask InitializeAsync()
    {
        var builder = AlizeHost.CreateBuilder([
            "--applicationName=Alize.Web", $"--environment={Environment}", "--urls=http://127.0.0.1:0", $"--Database:DataDirectory={folder}",
            $"--Mail:Directory={Path.Combine(folder, "mail")}", "--Alize:SeedDemo=true", "--Limits:LinkPagesPerMinute=100000",
            "--Limits:SignInsPerMinute=100000", "--Http:ResponseWait=00:00:01", "--Logging:LogLevel:Default=None", .. Settings]);
        builder.AddWeb();
        builder.Services.AddSingleton<TimeProvider>(Time);
        Register(builder.Services);
        app = builder.Build();
        app.UseWeb();
        app.MapGet("/t/broken/page", (Microsoft.AspNetCore.Http.HttpContext _) => { throw new InvalidOperationException("A page that fails."); });
        await Start.PrepareAsync(app.Services, isDevelopment: true, Cancel);
        await app.StartAsync(Cancel);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await SettleAsync();
    }

    protected virtual void Register(IServiceCollection services)
    {
    }

    public virtual async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    public async Task<TResult> DoAsync<T, TResult>(Func<T, Task<TResult>> use)
        where T : notnull
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    public Task<TResult> ReadAsync<TResult>(Func<AlizeDb, Task<TResult>> read) => DoAsync(read);

    /// <summary>Lets everything that waits happen, mails included.</summary>
    public async Task SettleAsync()
    {
        await app.Services.GetRequiredService<WorkflowRuntime>().DrainAsync(Cancel);
        await DoAsync<SendOutbox, int>(o => o.RunAsync(Cancel));
    }

    /// <summary>Moves the clock forward and acts on every deadline that passed.</summary>
    public async Task WaitAsync(TimeSpan time)
    {
        Time.Advance(time);
        await app.Services.GetRequiredService<WorkflowRuntime>().SweepAsync(Cancel);
        await SettleAsync();
    }

    public IReadOnlyList<MailboxMessage> Mails() => app.Services.GetRequiredService<DevelopmentMailbox>().List(1000);

    /// <summary>The path of the personal link in the newest mail to somebody that has one.</summary>
    public string LinkOf(string address) => Mails().Where(m => m.To.Contains(address, StringComparison.Ordinal))
        .Select(m => PersonalLink().Match(m.Text)).First(m => m.Success).Groups[1].Value;

    /// <summary>The path of the session's page in the newest invitation to somebody.</summary>
    public string SessionLinkOf(string address) => Mails().Where(m => m.To.Contains(address, StringComparison.Ordinal))
        .Select(m => SessionLink().Match(m.Text)).First(m => m.Success).Groups[1].Value;

    public Task<PartnerTask> TaskOfAsync(string path)
    {
        var hash = MailLinks.HashOf(path.Split('/')[^1]);
        return ReadAsync(async db =>
        {
            var id = await db.TaskLinks.Where(l => l.TokenHash == hash).Select(l => l.TaskId).SingleAsync(Cancel);
            return await db.PartnerTasks.AsNoTracking().SingleAsync(t => t.Id == id, Cancel);
        });
    }

    /// <summary>Changes a task behind the page's back, as a procedure may.</summary>
    public Task<int> ChangeTaskAsync(Guid id, Action<PartnerTask> change) => DoAsync<AlizeDb, int>(async db =>
    {
        change(await db.PartnerTasks.SingleAsync(t => t.Id == id, Cancel));
        return await db.SaveChangesAsync(Cancel);
    });

    [GeneratedRegex(@"https?://[^/\s]+(/(?:t|detect)/\S+)")]
    private static partial Regex PersonalLink();

    [GeneratedRegex(@"https?://[^/\s]+(/s/\S+)")]
    private static partial Regex SessionLink();
}

/// <summary>The same, as it runs for everybody else.</summary>
public sealed class ProductionSite : TestSite
{
    protected override string Environment => "Production";
}
