using Alize.Engine.Activities;
using Alize.Engine.Definitions;
using Alize.Engine.Expressions;
using Alize.Engine.Runtime;
using Alize.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Alize.Engine;

/// <summary>Registers the engine.</summary>
public static class EngineServices
{
    /// <summary>
    /// Adds the runtime, the standard activities and the expressions. The host adds its own activities, and an <see cref="IWorkflowStore"/>
    /// as a scoped service.
    /// </summary>
    public static IServiceCollection AddEngine(this IServiceCollection services, Action<ActivityRegistry>? activities = null, Action<EngineOptions>? options = null)
    {
        var registry = new ActivityRegistry().AddStandardActivities();
        activities?.Invoke(registry);
        services.AddOptions<EngineOptions>();
        if (options is not null)
            services.Configure(options);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(registry);
        services.AddSingleton<DefinitionCache>();
        services.AddScoped<DefinitionFiles>();
        services.AddSingleton<DefinitionLoader>();
        services.AddSingleton<DefinitionLocks>();
        services.AddSingleton<DefinitionTriggers>();
        services.AddScoped<DefinitionVersions>();
        services.AddOptions<ExpressionOptions>();
        services.TryAddSingleton<CSharpExpressions>();
        services.TryAddSingleton<LiquidTemplates>();
        services.TryAddSingleton<ExpressionEvaluator>();
        services.AddSingleton<InstanceFeed>();
        services.AddSingleton<WorkflowRuntime>();
        services.TryAddSingleton<IWakeups, NoWakeups>();
        return services;
    }

    /// <summary>Keeps everything in memory: for tests and trials.</summary>
    public static IServiceCollection AddInMemoryWorkflowStore(this IServiceCollection services)
    {
        services.AddSingleton<InMemoryDatabase>();
        services.AddScoped<IWorkflowStore, InMemoryWorkflowStore>();
        return services;
    }
}
