using Microsoft.AspNetCore.Http.HttpResults;

namespace Alize.Web.Elsa;

/// <summary>What of Elsa this service has, by the names of Elsa's features. The Studio shows by them what it offers: nothing stands here that is not there.</summary>
internal static class Features
{
    private static readonly ListAnswer<Feature> Installed = new(
    [
        Of("Expressions"),
        Of("Workflows"),
        Of("Flowchart"),
        Of("CommitStrategies"),
        Of("WorkflowRuntime"),
        Of("WorkflowDefinitions"),
        Of("WorkflowInstances"),
        Of("WorkflowManagement"),
        Of("WorkflowsApi"),
        Of("Identity"),
        Of("RealTimeWorkflowUpdates"),
        Of("Scheduling"),
        Of("JavaScript"),
        Of("Liquid"),
    ]);

    public static void Map(RouteGroupBuilder api)
    {
        var features = api.MapGroup("/features/installed");
        features.MapGet("", () => TypedResults.Ok(Installed));
        features.MapGet("/{fullName}", Results<Ok<Feature>, NotFound> (string fullName) =>
            Installed.Items.FirstOrDefault(f => f.FullName == fullName) is { } feature ? TypedResults.Ok(feature) : TypedResults.NotFound());
    }

    private static Feature Of(string name) => new(name, "Elsa", $"Elsa.{name}", name, "");

    private sealed record Feature(string Name, string Namespace, string FullName, string DisplayName, string Description);
}
