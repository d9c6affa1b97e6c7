using Microsoft.AspNetCore.Http.HttpResults;

namespace Alize.Web.Elsa;

/// <summary>Whether the runtime takes work. It always does while the service runs: it cannot be paused, only stopped.</summary>
internal static class RuntimeStatus
{
    private static readonly Status Running = new(
        new State("None", true, Guid.NewGuid().ToString("N")),
        [new("scheduling.trigger", "Running"), new("internal.bookmark-queue-worker", "Running")],
        0);

    public static void Map(RouteGroupBuilder api) => api.MapGet("/admin/workflow-runtime/status", Ok<Status> () => TypedResults.Ok(Running));

    /// <param name="Reason">Why no work is taken; None.</param>
    /// <param name="IsAcceptingNewWork">Whether work is taken.</param>
    /// <param name="GenerationId">Another one after each start.</param>
    private sealed record State(string Reason, bool IsAcceptingNewWork, string GenerationId);

    private sealed record Source(string Name, [property: System.Text.Json.Serialization.JsonPropertyName("state")] string Is);

    private sealed record Status(State State, IReadOnlyList<Source> Sources, int ActiveExecutionCycleCount);
}
