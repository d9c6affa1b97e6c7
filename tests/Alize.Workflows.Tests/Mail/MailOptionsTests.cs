using Alize.Workflows.Mail;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Alize.Workflows.Tests.Mail;

public class MailOptionsTests
{
    [Fact]
    public void Without_a_server_mails_go_to_the_development_mailbox()
    {
        using var services = Services();

        services.GetRequiredService<IStartupValidator>().Validate();
        using var scope = services.CreateScope();
        Assert.IsType<FolderTransport>(scope.ServiceProvider.GetRequiredService<IMailTransport>());
    }

    [Fact]
    public void With_a_server_they_go_by_SMTP()
    {
        using var services = Services(("Host", "smtp.example.org"), ("From", "alize@example.org"));

        services.GetRequiredService<IStartupValidator>().Validate();
        using var scope = services.CreateScope();
        Assert.IsType<SmtpTransport>(scope.ServiceProvider.GetRequiredService<IMailTransport>());
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_and_the_password_never()
    {
        using var services = Services(
            ("Host", "smtp://example.org"), ("Port", "0"), ("Timeout", "00:00:00"), ("LinkLifetime", "00:00:00"), ("From", "pas une adresse"),
            ("Password", "secret-1234"), ("Security", "None"));

        var wrong = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        foreach (var setting in new[] { "Mail:Host", "Mail:Port", "Mail:Timeout", "Mail:LinkLifetime", "Mail:From", "Mail:User" })
            Assert.Contains(wrong.Failures, f => f.Contains(setting, StringComparison.Ordinal));
        Assert.DoesNotContain("secret-1234", wrong.Message);
    }

    [Fact]
    public void A_password_never_travels_in_clear()
    {
        using var services = Services(("Host", "smtp.example.org"), ("From", "alize@example.org"), ("User", "alize"), ("Password", "secret"), ("Security", "None"));

        Assert.Contains("in clear", Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate()).Message);
    }

    private static ServiceProvider Services(params (string Name, string Value)[] settings) => new ServiceCollection()
        .AddMail(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>("Mail:" + s.Name, s.Value))).Build())
        .BuildServiceProvider();
}
