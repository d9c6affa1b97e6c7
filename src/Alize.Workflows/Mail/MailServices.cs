using Alize.Workflows.Documents;
using Alize.Workflows.Programmes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Mail;

public static class MailServices
{
    /// <summary>Everything mail. Needs <c>AlizeDb</c> and <see cref="AlizeOptions"/> from elsewhere.</summary>
    public static IServiceCollection AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section)).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsCheck>();
        services.TryAddSingleton<ProgrammeClock>();
        services.TryAddScoped<Trail>();
        services.AddScoped<Templates>();
        services.AddSingleton<DevelopmentMailbox>();
        services.AddSingleton<MailComposer>();
        services.AddScoped<FolderTransport>();
        services.AddScoped<MailMessages>();
        services.AddScoped<Outbox>();
        services.AddScoped<SendOutbox>();
        services.AddScoped<SmtpTransport>();
        services.AddScoped<IMailTransport>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value.IsDevelopmentMailbox
            ? provider.GetRequiredService<FolderTransport>()
            : provider.GetRequiredService<SmtpTransport>());
        return services;
    }
}
