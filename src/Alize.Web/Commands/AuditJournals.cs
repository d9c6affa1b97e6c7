using Alize.Data;
using Alize.Web.Hosting;
using Alize.Workflows.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Commands;

/// <summary>
/// <c>audit [PROGRAMME]</c>: reads every accounting journal from its first entry on and compares each seal with what it must be; exit 1
/// when one is not what was written.
/// </summary>
internal static class AuditJournals
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length > 1)
        {
            Console.Error.WriteLine("Usage : audit [PROGRAMME]");
            return 1;
        }

        var builder = AlizeHost.CreateBuilder([]);
        builder.AddWeb();
        await using var app = builder.Build();
        await using var scope = app.Services.CreateAsyncScope();
        var programmes = await scope.ServiceProvider.GetRequiredService<AlizeDb>().Programmes.AsNoTracking()
            .Where(p => args.Length == 0 || p.Slug == args[0]).OrderBy(p => p.Slug).Select(p => new { p.Id, p.Slug }).ToListAsync();
        if (programmes.Count == 0)
        {
            Console.Error.WriteLine(args is [var slug] ? $"Il n’y a pas de programme « {slug} »." : "Il n’y a aucun programme.");
            return 1;
        }

        var isSound = true;
        foreach (var programme in programmes)
        {
            var audit = await scope.ServiceProvider.GetRequiredService<Books>().AuditAsync(programme.Id, CancellationToken.None);
            isSound &= audit.BrokenAt is null;
            Console.WriteLine(audit.BrokenAt is { } broken
                ? $"✗ {programme.Slug} : l’écriture {broken} n’est plus celle qui a été écrite ({audit.Entries} écritures justes avant elle)"
                : $"✓ {programme.Slug} : {audit.Entries} écritures, empreinte {(audit.Seal.Length > 0 ? audit.Seal : "–")}");
        }

        return isSound ? 0 : 1;
    }
}
