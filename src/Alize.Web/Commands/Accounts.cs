using System.Security.Cryptography;
using Alize.Data;
using Alize.Data.People;
using Alize.Web.Hosting;
using Alize.Workflows.Demo;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Commands;

/// <summary>Accounts made from the command line; outside development there is no other first one.</summary>
internal static class Accounts
{
    /// <summary><c>create-user ADDRESS "NAME" PROGRAMME [ROLE]</c>: prints a first password, shown once.</summary>
    public static async Task<int> CreateAsync(string[] args)
    {
        if (args is not [var email, var name, var slug, .. var rest] || rest.Length > 1)
        {
            Console.Error.WriteLine("Usage : create-user ADRESSE \"PRÉNOM NOM\" PROGRAMME [Operator|Designer|Controller|NetworkHead]");
            return 1;
        }

        var role = MemberRole.Operator;
        if (rest is [var typed] && !Enum.TryParse(typed, ignoreCase: true, out role))
        {
            Console.Error.WriteLine($"« {typed} » n’est pas un rôle. Choisissez Operator, Designer, Controller ou NetworkHead.");
            return 1;
        }

        var builder = AlizeHost.CreateBuilder([]);
        builder.AddWeb();
        await using var app = builder.Build();
        await app.Services.MigrateAsync(CancellationToken.None);
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        var programme = await db.Programmes.SingleOrDefaultAsync(p => p.Slug == slug);
        if (programme is null)
        {
            var known = await db.Programmes.Select(p => p.Slug).ToListAsync();
            Console.Error.WriteLine($"Il n’y a pas de programme « {slug} ». Programmes connus : {(known.Count == 0 ? "aucun" : string.Join(", ", known))}.");
            return 1;
        }

        var password = Convert.ToBase64String(RandomNumberGenerator.GetBytes(12));
        var problems = await AddAsync(scope.ServiceProvider, email, name, password, programme.Id, role);
        if (problems.Count > 0)
        {
            foreach (var problem in problems) Console.Error.WriteLine(problem);
            return 1;
        }

        Console.WriteLine($"Compte créé pour {name} ({role}) dans « {programme.Name} ». Premier mot de passe, affiché une seule fois : {password}");
        return 0;
    }

    public static Task<bool> AnyAsync(IServiceProvider services, CancellationToken cancel) =>
        services.GetRequiredService<AlizeDb>().Users.AnyAsync(cancel);

    /// <summary>The operator of the demonstration; in development only.</summary>
    public static async Task SeedDevelopmentOperatorAsync(IServiceProvider services, CancellationToken cancel)
    {
        var db = services.GetRequiredService<AlizeDb>();
        var programme = await db.Programmes.FirstOrDefaultAsync(p => p.Slug == DemoTerritory.Slug, cancel);
        if (programme is null || await db.Users.AnyAsync(u => u.Email == DemoTerritory.OperatorEmail, cancel)) return;
        var problems = await AddAsync(services, DemoTerritory.OperatorEmail, DemoTerritory.OperatorName, DemoTerritory.OperatorPassword, programme.Id, MemberRole.Operator);
        if (problems.Count > 0) throw new InvalidOperationException(string.Join(" ", problems));
        db.ProgrammeMembers.Add(new ProgrammeMember
        {
            UserId = (await db.Users.SingleAsync(u => u.Email == DemoTerritory.OperatorEmail, cancel)).Id,
            ProgrammeId = programme.Id,
            Role = MemberRole.Designer,
        });
        await db.SaveChangesAsync(cancel);
    }

    private static async Task<IReadOnlyList<string>> AddAsync(
        IServiceProvider services, string email, string name, string password, Guid programmeId, MemberRole role)
    {
        var user = new AlizeUser { UserName = email, Email = email, FullName = name, EmailConfirmed = true };
        var created = await services.GetRequiredService<UserManager<AlizeUser>>().CreateAsync(user, password);
        if (!created.Succeeded) return [.. created.Errors.Select(e => e.Description)];
        var db = services.GetRequiredService<AlizeDb>();
        db.ProgrammeMembers.Add(new ProgrammeMember { UserId = user.Id, ProgrammeId = programmeId, Role = role });
        await db.SaveChangesAsync();
        return [];
    }
}
