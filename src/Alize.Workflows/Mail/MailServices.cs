using Alize.Workflows.Documents;
using Alize.Workflows.Programmes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Mail;

public static class MailServices
{
    /// <summary>Everything mail, out and in. Needs <c>AlizeDb</c>, <see cref="AlizeOptions"/> and the committee's sessions from elsewhere.</summary>
    public static IServiceCollection AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section)).ValidateOnStart();
        services.AddOptions<InboxOptions>().Bind(configuration.GetSection(InboxOptions.Section)).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<InboxOptions>, InboxOptionsCheck>();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsCheck>();
        services.TryAddSingleton<ProgrammeClock>();
        services.TryAddScoped<Trail>();
        services.AddScoped<Templates>();
        services.AddSingleton<DevelopmentMailbox>();
        services.AddSingleton<MailComposer>();
        services.AddScoped<Delegates>();
        services.AddScoped<FolderTransport>();
        services.AddScoped<IncomingMails>();
        services.AddScoped<MailMessages>();
        services.AddScoped<Outbox>();
        services.AddSingleton<ReadInbox>();
        services.AddScoped<SendOutbox>();
        services.AddScoped<SmtpTransport>();
        services.AddScoped<IMailTransport>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value.IsDevelopmentMailbox
            ? provider.GetRequiredService<FolderTransport>()
            : provider.GetRequiredService<SmtpTransport>());
        return services;
    }
}
