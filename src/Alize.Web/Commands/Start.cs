using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;
using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Deadlines;
using Alize.Workflows.Demo;
using Alize.Workflows.Mail;
using Hangfire;
using Microsoft.Extensions.Options;

namespace Alize.Web.Commands;

/// <summary>What happens between the first line of the program and the first request.</summary>
internal static class Start
{
    /// <summary>Runs the service until it is stopped.</summary>
    /// <returns>0 after an orderly stop, 1 when it could not start; the reason was printed.</returns>
    public static async Task<int> ServeAsync(string[] args)
    {
        var builder = AlizeHost.CreateBuilder(args);
        builder.AddWeb();
        builder.Services.AddDeadlines();
        builder.Services.AddHangfire(_ => { });   // the storage is the one of AddDeadlines, registered before
        builder.Services.AddHangfireServer(DeadlineServers.Work);
        builder.Services.AddHangfireServer(DeadlineServers.Deadlines);
        await using var app = builder.Build();
        if (SettingsCheck.Problems(app.Services) is { Count: > 0 } problems)
        {
            Console.Error.WriteLine("Le service ne peut pas démarrer, ces réglages sont à corriger :");
            foreach (var problem in problems) Console.Error.WriteLine($"  - {problem}");
            return 1;
        }

        // Of the start it is the longest part: beside the pages' routes, not after them.
        var modelled = Task.Run(() => ReadModel(app.Services));
        app.UseWeb();
        HangfireDashboard.Map(app);
        try
        {
            await modelled;
            await PrepareAsync(app.Services, app.Environment.IsDevelopment(), app.Lifetime.ApplicationStopping);
        }
        catch (DefinitionException unreadable)
        {
            Console.Error.WriteLine("Le service ne peut pas démarrer, une définition est à corriger :");
            Console.Error.WriteLine(unreadable.Sentence.French);
            return 1;
        }
        catch (InvalidOperationException unprepared)
        {
            Console.Error.WriteLine(unprepared.Message);
            return 1;
        }

        await app.Services.StartDeadlinesAsync(app.Lifetime.ApplicationStopping);
        await app.StartAsync();
        var warming = Task.Run(() =>
        {
            app.Services.GetRequiredService<ExpressionEvaluator>().WarmUp();

            // What only the start needed goes back to the machine now, and not when the first busy hour collects it.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        });
        await SayWhereAsync(app);
        await app.WaitForShutdownAsync();
        await warming;
        return 0;
    }

    /// <summary>Brings the database up to date, loads the definitions and, where asked, seeds the demonstration.</summary>
    public static async Task PrepareAsync(IServiceProvider services, bool isDevelopment, CancellationToken cancel)
    {
        await services.MigrateAsync(cancel);
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DefinitionLoader>().LoadAsync(AlizeHost.WorkflowsFolder, cancel);
        if (scope.ServiceProvider.GetRequiredService<IOptions<AlizeOptions>>().Value.SeedDemo
            && await scope.ServiceProvider.GetRequiredService<DemoTerritory>().SeedAsync(cancel) is { } programme)
        {
            await scope.ServiceProvider.GetRequiredService<DemoProjects>().SeedAsync(programme, cancel);
        }

        if (isDevelopment) await Accounts.SeedDevelopmentOperatorAsync(scope.ServiceProvider, cancel);
    }

    private static void ReadModel(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        _ = scope.ServiceProvider.GetRequiredService<AlizeDb>().Model;
    }

    private static async Task SayWhereAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var mail = scope.ServiceProvider.GetRequiredService<IOptions<MailOptions>>().Value;
        Console.WriteLine();
        Console.WriteLine($"  ALIZÉ est à l’écoute : {string.Join(" ", app.Urls)}");
        if (app.Environment.IsDevelopment())
            Console.WriteLine($"  Connexion d’essai    : {DemoTerritory.OperatorEmail} / {DemoTerritory.OperatorPassword}");
        else if (!await Accounts.AnyAsync(scope.ServiceProvider, app.Lifetime.ApplicationStopping))
            Console.WriteLine("  Aucun compte encore  : créez-en un avec  dotnet Alize.Web.dll -- create-user ADRESSE \"NOM\" PROGRAMME");
        Console.WriteLine(mail.IsDevelopmentMailbox
            ? $"  Courriels            : {app.Urls.First()}/mailbox (fichiers dans {mail.Directory})"
            : $"  Courriels            : remis à {mail.Host}:{mail.Port}");
        Console.WriteLine();
    }
}
