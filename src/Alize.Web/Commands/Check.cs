using Alize.Engine;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;
using Alize.Workflows;

namespace Alize.Web.Commands;

/// <summary><c>check FOLDER</c>: validates every definition of a folder without a database; exit 1 on any problem.</summary>
internal static class Check
{
    public static async Task<int> RunAsync(string[] args)
    {
        var folder = args is [var given] ? given : "workflows";
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"Il n’y a pas de dossier « {folder} ». Indiquez celui des définitions : check workflows/");
            return 1;
        }

        var files = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToList();
        await using var services = new ServiceCollection().AddEngine(activities => activities.AddAlize()).BuildServiceProvider();
        var registry = services.GetRequiredService<ActivityRegistry>();
        var evaluator = services.GetRequiredService<ExpressionEvaluator>();
        var known = files.Select(f => Path.GetFileNameWithoutExtension(f)!).ToHashSet();
        var problems = 0;
        foreach (var file in files)
        {
            var found = DefinitionCheck.Run(await File.ReadAllTextAsync(file), Path.GetFileName(file), registry, evaluator, known);
            foreach (var problem in found)
                Console.WriteLine($"{problem.File}\u00A0: {problem.French}");
            problems += found.Count;
        }

        Console.WriteLine(problems == 0
            ? $"{files.Count} définitions vérifiées, aucun problème."
            : $"{files.Count} définitions vérifiées, {(problems == 1 ? "1 problème" : $"{problems} problèmes")}.");
        return problems == 0 ? 0 : 1;
    }
}
