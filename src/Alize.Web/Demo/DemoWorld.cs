using System.Globalization;
using System.Text.RegularExpressions;
using Alize.Data;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Alize.Web.Commands;
using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Demo;
using Alize.Workflows.Demo.Years;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Mail;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Alize.Web.Demo;

/// <summary>
/// The service as it runs in earnest — pages, definitions, database, outbox, mails — in a folder of its own and on a clock that the
/// demonstration moves. People reach it by HTTP and read their mails; nothing is done behind its back.
/// </summary>
internal sealed partial class DemoWorld : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("alize-demo-").FullName;
    private readonly HashSet<string> read = [];
    private long lastStage;
    private WebApplication app = null!;

    private DemoWorld(DateTimeOffset first) => Clock = new(first);

    public DemoClock Clock { get; }

    public Uri Site { get; private set; } = new("http://127.0.0.1");

    public Visitor Operator { get; private set; } = null!;

    /// <summary>Reacts to each mail as it comes: a person opens it, follows its link, answers. Set by the script.</summary>
    public Func<MailboxMessage, CancellationToken, Task> OnMail { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>
    /// The made-up territory on Monday 4 January 2027, nine o'clock in Paris: a fixed day, so that two runs tell the same story.
    /// </summary>
    public static Task<DemoWorld> StartAsync(CancellationToken cancel) =>
        StartAsync(new DateTimeOffset(2027, 1, 4, 8, 0, 0, TimeSpan.Zero), world => world.DoAsync<DemoTerritory>(t => t.SeedAsync(cancel)), cancel);

    /// <summary>A world that begins at an instant with what is founded in it.</summary>
    public static async Task<DemoWorld> StartAsync(DateTimeOffset first, Func<DemoWorld, Task> found, CancellationToken cancel)
    {
        var world = new DemoWorld(first);
        var builder = AlizeHost.CreateBuilder([
            "--environment=Development", "--urls=http://127.0.0.1:0", $"--Database:DataDirectory={world.folder}", "--Database:Provider=Sqlite",
            $"--Mail:Directory={Path.Combine(world.folder, "mail")}", "--Mail:Host=", "--Alize:SeedDemo=false", "--Limits:LinkPagesPerMinute=1000000",
            "--Limits:SignInsPerMinute=1000000", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Microsoft=Error"]);
        builder.AddWeb();
        builder.Services.AddSingleton<TimeProvider>(world.Clock);
        world.app = builder.Build();
        world.app.UseWeb();
        await Start.PrepareAsync(world.app.Services, isDevelopment: false, cancel);
        await found(world);
        await using (var scope = world.app.Services.CreateAsyncScope())
            await Accounts.SeedDevelopmentOperatorAsync(scope.ServiceProvider, cancel);
        await world.app.StartAsync(cancel);
        world.Site = new Uri(world.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        world.app.Services.GetRequiredService<IOptions<AlizeOptions>>().Value.PublicUrl = world.Site.ToString();   // known only now that it listens
        world.Operator = new Visitor(world.Site, DemoTerritory.OperatorEmail, DemoTerritory.OperatorPassword);
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        Operator?.Dispose();
        await app.StopAsync();   // else what watches in the background is taken for broken when its host goes
        await app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    public async Task DoAsync<T>(Func<T, Task> use)
        where T : notnull
    {
        await using var scope = app.Services.CreateAsyncScope();
        await use(scope.ServiceProvider.GetRequiredService<T>());
    }

    public async Task<TResult> ReadAsync<TResult>(Func<AlizeDb, Task<TResult>> look)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await look(scope.ServiceProvider.GetRequiredService<AlizeDb>());
    }

    /// <summary>The same service for the story of three years, which moves the same clock.</summary>
    public YearsWorld Years => new(app.Services, Clock.MoveTo);

    public DevelopmentMailbox Mailbox => app.Services.GetRequiredService<DevelopmentMailbox>();

    public DateOnly Today => app.Services.GetRequiredService<ProgrammeClock>().Today;

    /// <summary>A dated line of the demonstration.</summary>
    public void Say(string what) => Console.WriteLine($"{Today.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)}  {what}");

    /// <summary>Lets everything that waits happen: messages between workflows, mails, and what people do when they read them.</summary>
    public async Task SettleAsync(CancellationToken cancel)
    {
        var runtime = app.Services.GetRequiredService<WorkflowRuntime>();
        for (var isQuiet = false; !isQuiet;)
        {
            await runtime.DrainAsync(cancel);
            await DoAsync<SendOutbox>(outbox => outbox.RunAsync(cancel));
            await SayStagesAsync(cancel);
            var mails = NewMails();
            isQuiet = mails.Count == 0;
            foreach (var mail in mails)
            {
                Say($"courriel    {mail.To} — {mail.Subject}");
                await OnMail(mail, cancel);
            }
        }
    }

    /// <summary>Moves the clock to a moment, stopping at each deadline on the way.</summary>
    public async Task WaitUntilAsync(DateTimeOffset moment, CancellationToken cancel)
    {
        var runtime = app.Services.GetRequiredService<WorkflowRuntime>();
        while (await NextDeadlineAsync(cancel) is { } next && next <= moment)
        {
            Clock.MoveTo(next);
            await runtime.SweepAsync(cancel);
            await SettleAsync(cancel);
        }

        Clock.MoveTo(moment);
        await SettleAsync(cancel);
    }

    public Task WaitDaysAsync(int days, CancellationToken cancel) => WaitUntilAsync(Clock.GetUtcNow().AddDays(days), cancel);

    private async Task SayStagesAsync(CancellationToken cancel)
    {
        var changes = await ReadAsync(db => db.Projects.AsNoTracking().SelectMany(p => p.StageChanges, (p, change) => new { p.Number, Change = change })
            .Where(s => s.Change.Id > lastStage).OrderBy(s => s.Change.Id).ToListAsync(cancel));
        foreach (var (number, change) in changes.Select(s => (s.Number, s.Change)))
        {
            Say($"étape       {number} : {StageNames.French(change.To)} — {change.Reason}");
            lastStage = change.Id;
        }
    }

    /// <summary>The personal link of a mail. Null: it has none.</summary>
    public static string? LinkOf(MailboxMessage mail) => PersonalLink().Match(mail.Text) is { Success: true } link ? link.Value : null;

    /// <summary>The one-time code of a mail. Null: it has none.</summary>
    public static string? CodeOf(MailboxMessage mail) => OneTimeCode().Match(mail.Text) is { Success: true } code ? code.Groups[1].Value : null;

    private List<MailboxMessage> NewMails()
    {
        var mailbox = app.Services.GetRequiredService<DevelopmentMailbox>();
        var letters = Path.Combine(folder, "mail");
        if (!Directory.Exists(letters)) return [];
        return [.. Directory.EnumerateFiles(letters, "*.eml").Select(path => Path.GetFileNameWithoutExtension(path)).Where(read.Add)
            .Order(StringComparer.Ordinal).Select(id => mailbox.Find(id)!)];
    }

    private async Task<DateTimeOffset?> NextDeadlineAsync(CancellationToken cancel)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var next = await scope.ServiceProvider.GetRequiredService<IWorkflowStore>().NextTimerDueAsync(cancel);
        return next is { } due ? new DateTimeOffset(DateTime.SpecifyKind(due, DateTimeKind.Utc)) : null;
    }

    [GeneratedRegex(@"^(\d{6})\r?$", RegexOptions.Multiline)]
    private static partial Regex OneTimeCode();

    [GeneratedRegex(@"https?://\S+/(t|detect)/[A-Za-z0-9_-]+")]
    private static partial Regex PersonalLink();
}
