using System.Security.Claims;
using Alize.Data;
using Alize.Engine.Definitions;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Alize.Web.Elsa.Descriptors;

/// <summary>The toolbox of the Studio: every activity a definition may hold. Asked for after each save.</summary>
internal static class ActivityDescriptors
{
    public static void Map(RouteGroupBuilder api)
    {
        var activities = api.MapGroup("/descriptors/activities");
        activities.MapGet("", ListAsync);
        activities.MapGet("/{type}", FindAsync);
        activities.MapPost("/{type}/options/{property}", OptionsAsync);
    }

    private static async Task<Ok<ListAnswer<ActivityDescription>>> ListAsync(Toolbox toolbox, ClaimsPrincipal user, CancellationToken cancel) =>
        TypedResults.Ok(new ListAnswer<ActivityDescription>(await toolbox.AllAsync(user, cancel)));

    private static async Task<Results<Ok<ActivityDescription>, NotFound>> FindAsync(string type, int? version, Toolbox toolbox, ClaimsPrincipal user, CancellationToken cancel)
    {
        var found = (await toolbox.AllAsync(user, cancel)).Where(d => d.TypeName == type && (version is null || d.Version == version)).MaxBy(d => d.Version);
        return found is null ? TypedResults.NotFound() : TypedResults.Ok(found);
    }

    private static async Task<Results<Ok<Specifications>, NotFound>> OptionsAsync(string type, string property, Toolbox toolbox, ClaimsPrincipal user, CancellationToken cancel) =>
        await toolbox.SpecificationsAsync(type, property, user, cancel) is { } items ? TypedResults.Ok(new Specifications(items)) : TypedResults.NotFound();

    private sealed record Specifications(IDictionary<string, object> Items);
}

/// <summary>Gathers the descriptions for one caller.</summary>
internal sealed class Toolbox(AlizeDb db, ActivityRegistry registry, ActivityDescriptions descriptions, DefinitionFactsCache facts, ProgrammeReach reach)
{
    public async Task<IReadOnlyList<ActivityDescription>> AllAsync(ClaimsPrincipal user, CancellationToken cancel)
    {
        var definitions = await facts.AllAsync(db, cancel);
        List<ActivityDescription> all = [.. await descriptions.AllAsync(await DesignAsync(definitions, user, cancel), cancel), .. DefinitionDescriptions.Usable(definitions)];
        var known = all.Select(d => (d.TypeName, d.Version)).ToHashSet();
        all.AddRange(DefinitionDescriptions.Lost(definitions, known));
        return all;
    }

    /// <summary>What an input's editor shows now; null for an unknown activity or input.</summary>
    public async Task<IDictionary<string, object>?> SpecificationsAsync(string type, string property, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (!registry.TryFind(type, out var descriptor)) return null;
        if (descriptor.Inputs.FirstOrDefault(i => i.Name == property || i.JsonName == property) is not { } input) return null;
        var definitions = await facts.AllAsync(db, cancel);
        return await descriptions.SpecificationsAsync(descriptor, input, await DesignAsync(definitions, user, cancel), cancel);
    }

    private async Task<DesignContext> DesignAsync(IReadOnlyList<DefinitionFacts> definitions, ClaimsPrincipal user, CancellationToken cancel)
    {
        var latest = definitions.Where(d => d.IsLatest || d.IsPublished).ToList();
        return new DesignContext(await reach.ProgrammesAsync(user, cancel), (type, input) => [.. latest.SelectMany(d => d.Literals[(type, input)]).Distinct()]);
    }
}
