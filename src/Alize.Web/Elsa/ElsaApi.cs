using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Alize.Data.People;
using Alize.Web.People;
using Microsoft.AspNetCore.Mvc;

namespace Alize.Web.Elsa;

/// <summary>
/// The HTTP interface of an Elsa 3.8 server: what Elsa Studio and programs call. Routes, names, status codes and bodies are Elsa's;
/// one file a resource. Definitions and instances are the server's, not a programme's: whoever is operator or designer of any
/// programme of this server works on all of them.
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
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy
            .AddAuthenticationSchemes(ElsaSignIn.Scheme)
            .RequireAuthenticatedUser()
            .AddRequirements(new RoleInProgramme(MemberRole.Operator, MemberRole.Designer)));
        return services;
    }

    public static void Map(WebApplication app)
    {
        var api = app.MapGroup(Base).RequireAuthorization(Policy).WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        Definitions.Map(api);
        Identity.Map(api);
    }
}
