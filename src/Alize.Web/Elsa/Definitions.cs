using Alize.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Alize.Web.Elsa;

/// <summary>Looking at definitions.</summary>
internal static class Definitions
{
    public static void Map(RouteGroupBuilder api)
    {
        var definitions = api.MapGroup("/workflow-definitions");
        definitions.MapGet("/query/count", CountAsync);
    }

    private static async Task<Ok<Counted>> CountAsync(AlizeDb db, CancellationToken cancel) =>
        TypedResults.Ok(new Counted(await db.Definitions.CountAsync(d => d.IsLatest, cancel)));

    private sealed record Counted(int Count);
}
