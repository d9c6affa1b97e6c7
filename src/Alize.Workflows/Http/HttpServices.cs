using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Alize.Workflows.Http;

public static class HttpServices
{
    /// <summary>What definitions do over HTTP.</summary>
    public static IServiceCollection AddHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<HttpOptions>().Bind(configuration.GetSection(HttpOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<HttpCaller>();
        services.AddSingleton<OpenRequests>();
        services.AddSingleton<SendRequests>();
        return services;
    }
}
