using Alize.Data;
using Alize.Domain.Programmes;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Crash.Tests;

/// <summary>
/// What the service is asked to do, as rows of its queue. Every message has an id that follows from what it is about, and many are
/// sent twice: that must be as if they had been sent once.
/// </summary>
internal sealed class Load(IServiceProvider services, Random random)
{
    private readonly Queue<string> waitForGo = [];

    /// <summary>What each life does, once.</summary>
    public static readonly string[] EffectsOfALife = ["begun", "gone", "branch0", "branch1", "branch2", "answered", "child", "ended"];

    /// <summary>What each announcement does, once.</summary>
    public static readonly string[] EffectsOfAnAnnouncement = ["triggered-one", "triggered-two"];

    public const int MailsOfALife = 2;

    public List<string> Lives { get; } = [];

    public List<string> Announcements { get; } = [];

    public async Task PrepareAsync(CancellationToken cancel)
    {
        await services.MigrateAsync(cancel);
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        var programme = new Programme { Id = Guid.CreateVersion7(), Slug = "panne", Name = "Panne", Territory = "Vallée de l’Ombrelle", SignedOn = new(2026, 1, 15) };
        var partner = new Partner { Id = Guid.CreateVersion7(), ProgrammeId = programme.Id, Kind = PartnerKind.LocalOperator, Name = "Agence de l’Ombrelle" };
        var contact = new Contact
        {
            Id = Guid.CreateVersion7(),
            ProgrammeId = programme.Id,
            PartnerId = partner.Id,
            Role = ContactRole.Representative,
            FullName = "Zoé Aubry",

            // A moment between the hand-over and its record, for a kill to fall into.
            Email = "slow.zoe@ombrelle.example",
            From = new(2026, 1, 15),
        };
        db.AddRange(programme, partner, contact);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>More lives: some are told to go before they wait for it, some while they do, some much later.</summary>
    public async Task AddAsync(int count, CancellationToken cancel)
    {
        for (var i = 0; i < count; i++)
        {
            var life = $"life{Lives.Count}";
            Lives.Add(life);
            await SendAsync(Start(life), cancel);
            if (random.Next(2) == 0) await SendAsync(Go(life), cancel);
            else waitForGo.Enqueue(life);

            if (random.Next(3) > 0) continue;
            var announcement = $"announcement{Announcements.Count}";
            Announcements.Add(announcement);
            await SendAsync(Stimuli.Event("Announced", announcement, null, Now, id: announcement), cancel);
        }

        while (waitForGo.Count > count && waitForGo.TryDequeue(out var late)) await SendAsync(Go(late), cancel);

        // A sender that does not know whether its message arrived sends it again.
        await SendAsync(Start(Lives[random.Next(Lives.Count)]), cancel);
    }

    /// <summary>What has not been sent yet.</summary>
    public async Task EndAsync(CancellationToken cancel)
    {
        while (waitForGo.TryDequeue(out var late)) await SendAsync(Go(late), cancel);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static Stimulus Start(string life) => Stimuli.Start("crash-life", life, correlationId: life, tenantId: null, name: life, input: null, Now);

    private static Stimulus Go(string life) => Stimuli.Event("Go", correlationId: life, payload: null, Now, id: $"go:{life}");

    private async Task SendAsync(Stimulus stimulus, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AlizeDb>();
        if (await db.Stimuli.AnyAsync(s => s.Id == stimulus.Id, cancel)) return;
        db.Stimuli.Add(stimulus);
        await db.SaveChangesAsync(cancel);
    }
}
