using System.Reflection;
using Alize.Engine.Expressions;
using Alize.Engine.Runtime;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Alize.Web.Elsa.Descriptors;

/// <summary>The lists that the Studio's menus show. Only what this service follows stands in them.</summary>
internal static class DescriptorLists
{
    private static readonly ExpressionKind[] Expressions =
    [
        Kind("Literal", isBrowsable: false),
        Kind("Object", isBrowsable: false, language: "json"),
        Kind("Json", isBrowsable: false, language: "json"),
        Kind("Variable"),
        Kind("Input"),
        Kind("JavaScript", language: "javascript"),
        Kind("Liquid", language: "liquid"),
        Kind("CSharp", language: "csharp", shown: "C#"),
    ];

    private static readonly ListAnswer<Strategy> Activation = new(
    [
        new("Toujours", "Chaque démarrage crée une instance.", $"Elsa.Workflows.ActivationValidators.{ActivationStrategies.Always}, Elsa.Workflows.Core"),
        new("Une seule à la fois", "Rien ne démarre tant qu’une instance de cette définition est en cours.", $"Elsa.Workflows.Runtime.ActivationValidators.{ActivationStrategies.Singleton}, Elsa.Workflows.Runtime"),
        new("Une seule par sujet", "Rien ne démarre tant qu’une instance de cette définition est en cours sur le même sujet (corrélation).", $"Elsa.Workflows.Runtime.ActivationValidators.{ActivationStrategies.CorrelatedSingleton}, Elsa.Workflows.Runtime"),
        new("Une seule par sujet, toutes définitions confondues", "Rien ne démarre tant qu’une instance, de quelque définition que ce soit, est en cours sur le même sujet (corrélation).", $"Elsa.Workflows.Runtime.ActivationValidators.{ActivationStrategies.Correlation}, Elsa.Workflows.Runtime"),
    ]);

    private static readonly ListAnswer<Strategy> Incidents = new(
    [
        new("Réessayer, puis mettre en attente", "L’étape en échec est réessayée plusieurs fois, de plus en plus tard, puis attend qu’une personne la relance ; le reste de la procédure continue.", IncidentStrategies.RetryThenPark),
        new("Arrêter", "La procédure se termine en échec ; ce qui était déjà prévu s’exécute encore.", IncidentStrategies.Fault),
        new("Continuer", "L’étape en échec reste un incident ; le reste de la procédure continue.", IncidentStrategies.Continue),
    ]);

    private static readonly ListAnswer<Strategy> LogPersistence = new(
    [
        new("Tout consigner", "Entrées, sorties et résultats de chaque étape sont au journal, sauf ce qui est secret.", "Elsa.Workflows.LogPersistence.Strategies.Include, Elsa.Workflows.Core"),
    ]);

    private static readonly ListAnswer<Commit> Commits = new(
    [
        new("WorkflowExecuted", "À chaque attente", "L’état, le journal et ce que les étapes ont écrit sont enregistrés ensemble, chaque fois que la procédure attend ou se termine."),
        new("WorkflowExecuting", "Au démarrage aussi", "L’instance est enregistrée avant sa première étape."),
        new("ActivityExecuting", "Avant chaque étape", "Ce qui est fait est enregistré avant que chaque étape commence."),
        new("ActivityExecuted", "Après chaque étape", "Ce que chaque étape a fait est enregistré avant que la suite commence."),
    ]);

    private static readonly ListAnswer<Commit> CommitsOfActivities = new(
    [
        new("CommitAlways", "Avant et après l’étape", "Ce qui précède l’étape, puis ce qu’elle a fait, sont enregistrés chacun à part."),
        new("CommitNever", "Avec ce qui l’entoure", "L’étape est enregistrée avec celles qui l’entourent."),
        new("Executing", "Avant l’étape", "Ce qui précède l’étape est enregistré avant qu’elle commence."),
        new("Executed", "Après l’étape", "Ce que l’étape a fait est enregistré avant que la suite commence."),
    ]);

    private static readonly StorageDrivers Drivers = new([new("Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core", "Avec l’instance", 5, false)]);

    // Names, category and shown name of the types of variables; what stands here must be known to TypeAliases.
    private static readonly VariableTypes Variables = new(
    [
        Variable("Object", "Primitives", "N’importe quelle valeur."),
        Variable("String", "Primitives", "Un texte."),
        Variable("Boolean", "Primitives", "Vrai ou faux."),
        Variable("Int32", "Primitives", "Un nombre entier."),
        Variable("Long", "Primitives", "Un grand nombre entier, par exemple des centimes."),
        Variable("Single", "Primitives", "Un nombre à virgule."),
        Variable("Double", "Primitives", "Un nombre à virgule."),
        Variable("Decimal", "Primitives", "Un nombre décimal exact."),
        Variable("Guid", "Primitives", "Un identifiant."),
        Variable("DateTime", "Primitives", "Un jour et une heure."),
        Variable("DateTimeOffset", "Primitives", "Un instant, avec son fuseau."),
        Variable("DateOnly", "Primitives", "Un jour."),
        Variable("TimeOnly", "Primitives", "Une heure."),
        Variable("TimeSpan", "Primitives", "Une durée."),
        Variable("StringDictionary", "Lookups", "Des textes par nom."),
        Variable("ObjectDictionary", "Lookups", "Des valeurs par nom."),
        Variable("JSON", "Dynamic", "Un objet JSON."),
        Variable("JsonElement", "Dynamic", "Une valeur JSON."),
        Variable("JsonNode", "Dynamic", "Une valeur JSON."),
        Variable("JsonObject", "Dynamic", "Un objet JSON."),
        Variable("JsonArray", "Dynamic", "Une liste JSON."),
        Variable("ByteArray", "Data", "Des octets."),
    ]);

    public static void Map(RouteGroupBuilder api)
    {
        var descriptors = api.MapGroup("/descriptors");
        descriptors.MapGet("/expression-descriptors", (ExpressionEvaluator evaluator) => TypedResults.Ok(new ListAnswer<ExpressionKind>([.. Expressions.Where(e => evaluator.Kinds.Contains(e.Type))])));
        descriptors.MapGet("/workflow-activation-strategies", () => TypedResults.Ok(Activation));
        descriptors.MapGet("/incident-strategies", () => TypedResults.Ok(Incidents));
        descriptors.MapGet("/log-persistence-strategies", () => TypedResults.Ok(LogPersistence));
        descriptors.MapGet("/commit-strategies/workflows", () => TypedResults.Ok(Commits));
        descriptors.MapGet("/commit-strategies/activities", () => TypedResults.Ok(CommitsOfActivities));
        descriptors.MapGet("/storage-drivers", () => TypedResults.Ok(Drivers));
        descriptors.MapGet("/variables", () => TypedResults.Ok(Variables));
        descriptors.MapGet("/output-converters", Converters);
        api.MapGet("/package/version", () => TypedResults.Ok(new PackageVersion(Version())));
        api.MapGet("/resilience/strategies", () => TypedResults.Ok(new ListAnswer<Strategy>([])));
    }

    /// <summary>Values are converted by their types, without a choice: the list is empty, and the question is checked as Elsa does.</summary>
    private static Results<Ok<ListAnswer<Strategy>>, JsonHttpResult<ElsaProblem>> Converters(string? sourceType, string? destinationType)
    {
        List<string> missing = [];
        if (string.IsNullOrWhiteSpace(sourceType)) missing.Add("The sourceType query parameter is required.");
        if (string.IsNullOrWhiteSpace(destinationType)) missing.Add("The destinationType query parameter is required.");
        return missing.Count > 0 ? ElsaErrors.Invalid(missing) : TypedResults.Ok(new ListAnswer<Strategy>([]));
    }

    private static ExpressionKind Kind(string type, bool isBrowsable = true, string? language = null, string? shown = null) =>
        new(type, shown ?? type, true, isBrowsable, language is null ? [] : new() { ["MonacoLanguage"] = language });

    private static VariableType Variable(string type, string category, string description) => TypeAliases.Find(type) is null
        ? throw new InvalidOperationException($"The engine knows no type '{type}'.")
        : new(type, type, category, description);

    private static string Version() => typeof(DescriptorLists).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "1.0.0";

    private sealed record ExpressionKind(string Type, string DisplayName, bool IsSerializable, bool IsBrowsable, Dictionary<string, string> Properties);

    private sealed record Strategy(string DisplayName, string Description, string TypeName);

    private sealed record Commit(string Name, string DisplayName, string Description);

    private sealed record StorageDriver(string TypeName, string DisplayName, double Priority, bool Deprecated);

    private sealed record StorageDrivers(IReadOnlyList<StorageDriver> Items);

    private sealed record VariableType(string TypeName, string DisplayName, string Category, string? Description);

    private sealed record VariableTypes(IReadOnlyList<VariableType> Items);

    private sealed record PackageVersion([property: System.Text.Json.Serialization.JsonPropertyName("packageVersion")] string Version);
}
