using Alize.Engine.Storage;
using Alize.Web.Elsa.Instances;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.SignalR;

namespace Alize.Web.Elsa.Live;

/// <summary>
/// Where the Studio's viewer listens to a running instance. Names of methods and messages are Elsa's; the answers are sent by
/// <see cref="LiveInstances"/>.
/// </summary>
internal sealed class WorkflowInstanceHub(InstancesInReach instances, IWorkflowStore store, LiveInstances live) : Hub
{
    public const string Path = "/elsa/hubs/workflow-instance";

    /// <summary>Adds the connection to those that are told what the instance does.</summary>
    public async Task ObserveInstanceAsync(string instanceId)
    {
        var cancel = Context.ConnectionAborted;
        var user = Context.User ?? throw new HubException("Connectez-vous pour suivre une instance.");
        var instance = await instances.FindAsync(instanceId, user, cancel) ?? throw new HubException($"L’instance « {instanceId} » n’existe pas.");
        await Groups.AddToGroupAsync(Context.ConnectionId, instance.Id, cancel);
        live.Watch(instance.Id, instance.Revision, Context.ConnectionId);
        await LiveInstances.TellAsync(Clients.Caller, instance.Id, store, cancel);
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        live.Leave(Context.ConnectionId);
        return base.OnDisconnectedAsync(exception);
    }

    public static void Map(WebApplication app) => app.MapHub<WorkflowInstanceHub>(Path).RequireAuthorization(ElsaApi.Policy);

    /// <summary>
    /// A browser's web socket carries no header, so an API key would be lost on the way from negotiation to connection: whoever negotiates
    /// with one is sent on with a short-lived token instead, which travels in the address.
    /// </summary>
    public static void ExchangeKeys(WebApplication app) => app.UseWhen(
        context => context.Request.Path.Equals($"{Path}/negotiate", StringComparison.OrdinalIgnoreCase)
            && context.Request.Headers.Authorization.ToString().StartsWith("ApiKey ", StringComparison.OrdinalIgnoreCase),
        keyed => keyed.Use(async (context, next) =>
        {
            if (await context.AuthenticateAsync(ElsaSignIn.Scheme) is not { Succeeded: true, Principal: { } user })
            {
                await next(context);
                return;
            }

            var request = context.Request;
            await context.Response.WriteAsJsonAsync(new
            {
                Url = $"{request.Scheme}://{request.Host}{request.PathBase}{Path}",
                AccessToken = context.RequestServices.GetRequiredService<ElsaTokens>().Access(user),
            }, context.RequestAborted);
        }));
}
