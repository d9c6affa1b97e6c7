using Alize.Engine.Definitions;

namespace Alize.Engine.Runtime;

/// <summary>
/// Whether another instance may start while one runs, by the names that <c>options.activationStrategyType</c> of a definition has.
/// Elsa writes the type's full name with its assembly; its last part decides.
/// </summary>
public static class ActivationStrategies
{
    /// <summary>Always. The default.</summary>
    public const string Always = "AllowAlwaysStrategy";

    /// <summary>One running instance of the definition.</summary>
    public const string Singleton = "SingletonStrategy";

    /// <summary>One running instance of the definition for each correlation.</summary>
    public const string CorrelatedSingleton = "CorrelatedSingletonStrategy";

    /// <summary>One running instance of whatever definition for each correlation.</summary>
    public const string Correlation = "CorrelationStrategy";

    /// <summary>The strategy a definition names; null for <see cref="Always"/> and for names that are not known.</summary>
    internal static string? Normalise(string? typeName)
    {
        var name = typeName?.Split(',')[0].Split('.')[^1].Trim();
        return name is Singleton or CorrelatedSingleton or Correlation ? name : null;
    }
}

/// <summary>
/// What an instance claims for itself alone while it runs. Who starts looks first whether anybody runs (also instances of other
/// strategies and versions), then writes the claim with the instance's first burst: of two that start at the same moment, on whatever
/// nodes, the database takes one, because the key is unique.
/// </summary>
/// <param name="DefinitionId">Only instances of this definition stand in the way. Null: of any.</param>
/// <param name="CorrelationId">Only instances of this correlation stand in the way. Null: of any.</param>
internal sealed record Activation(string? DefinitionId, string? CorrelationId)
{
    /// <summary>The claim of a definition's strategy; null when it claims nothing. What has no correlation shares none with others.</summary>
    public static Activation? Of(CompiledWorkflow compiled, string? correlationId) => compiled.ActivationStrategy switch
    {
        ActivationStrategies.Singleton => new(compiled.Workflow.DefinitionId, null),
        ActivationStrategies.CorrelatedSingleton when !string.IsNullOrEmpty(correlationId) => new(compiled.Workflow.DefinitionId, correlationId),
        ActivationStrategies.Correlation when !string.IsNullOrEmpty(correlationId) => new(null, correlationId),
        _ => null,
    };

    /// <summary>Unique among the instances that run.</summary>
    public string Key(string? tenantId) => Stimuli.Hash("Activation", new { Definition = DefinitionId, Correlation = CorrelationId, Tenant = tenantId });
}

/// <summary>An instance may not start now, because of the definition's activation strategy.</summary>
public sealed class ActivationRefusedException(string definitionId, string? correlationId, string? strategy) : Exception(
    $"Definition '{definitionId}' was not started{(correlationId is null ? "" : $" for '{correlationId}'")}: an instance that its activation strategy ({strategy}) allows once is running. Wait for its end, or cancel it.")
{
    /// <summary>The definition.</summary>
    public string DefinitionId { get; } = definitionId;

    /// <summary>The correlation asked for. Null for none.</summary>
    public string? CorrelationId { get; } = correlationId;
}
