using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Alize.Data.People;
using Alize.Web.Elsa.Descriptors;
using Alize.Web.Elsa.Instances;
using Alize.Web.Elsa.Live;
using Alize.Web.People;
using Microsoft.AspNetCore.Mvc;

namespace Alize.Web.Elsa;

/// <summary>
/// The HTTP interface of an Elsa 3.8 server: what Elsa Studio and programs call. Routes, names, status codes and bodies are Elsa's;
/// one file a resource. Definitions are the server's, not a programme's: whoever is operator or designer of any programme
/// of this server works on all of them. An instance is its programme's: see <see cref="ProgrammeReach"/>.
/// </summary>
internal static class ElsaApi
{
    public const string Base = "/elsa/api";

    /// <summary>Policy of every resource and of the hub: a bearer token or a key, never a cookie, so that no foreign page can act through a browser.</summary>
    public const string Policy = "elsa";

    /// <summary>Largest body taken, in bytes: the Studio refuses larger files itself.</summary>
    public const int MaxBody = 10 * 1024 * 1024;

    public static IServiceCollection AddElsaApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.MaxDepth = 128;   // nested containers, as deep as the engine reads them
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);   // ElsaErrors says what was wrong
        services.AddElsaSignIn();
        services.AddScoped<ActivityDescriptions>();
        services.AddScoped<DefinitionConsumers>();
        services.AddScoped<DefinitionDesk>();
        services.AddSingleton<DefinitionFactsCache>();
        services.AddScoped<DefinitionStart>();
        services.AddScoped<DefinitionTrail>();
        services.AddScoped<ExecutionReader>();
        services.AddScoped<Hands>();
        services.AddScoped<InstanceArchive>();
        services.AddScoped<InstancesInReach>();
        services.AddScoped<JournalReader>();
        services.AddSingleton<LiveInstances>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveInstances>());
        services.AddScoped<ProgrammeReach>();
        services.AddScoped<Senders>();
        services.AddScoped<StartBounds>();
        services.AddScoped<Toolbox>();
        services.AddScoped<VariableDesk>();
        services.AddScoped<WorkflowStates>();
        services.AddSignalR();
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy
            .AddAuthenticationSchemes(ElsaSignIn.Scheme)
            .RequireAuthenticatedUser()
            .AddRequirements(new RoleInProgramme(MemberRole.Operator, MemberRole.Designer)));
        return services;
    }

    public static void Map(WebApplication app)
    {
        var api = app.MapGroup(Base).RequireAuthorization(Policy).WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        ActivityDescriptors.Map(api);
        ActivityExecutions.Map(api);
        DefinitionBulk.Map(api);
        DefinitionConsumers.Map(api);
        DefinitionExports.Map(api);
        DefinitionRuns.Map(api);
        DefinitionWrites.Map(api);
        Definitions.Map(api);
        DescriptorLists.Map(api);
        Features.Map(api);
        Identity.Map(api);
        InstanceActs.Map(api);
        InstanceFiles.Map(api);
        Instances.Instances.Map(api);
        Journals.Map(api);
        Programs.Map(api);
        RuntimeStatus.Map(api);
        Subgraphs.Map(api);
        TypeDefinitions.Map(api);
        WorkflowInstanceHub.ExchangeKeys(app);
        WorkflowInstanceHub.Map(app);
    }
}
