using Alize.Data;
using Alize.Workflows;
using Alize.Workflows.Mail;
using Microsoft.Extensions.Options;

namespace Alize.Web.Commands;

/// <summary>Reads every settings section and names everything wrong with them at once, not one at each start.</summary>
internal static class SettingsCheck
{
    public static IReadOnlyList<string> Problems(IServiceProvider services) =>
        [.. Of<DatabaseOptions>(services), .. Of<MailOptions>(services), .. Of<AlizeOptions>(services)];

    private static IReadOnlyList<string> Of<T>(IServiceProvider services)
        where T : class
    {
        try
        {
            _ = services.GetRequiredService<IOptions<T>>().Value;
            return [];
        }
        catch (OptionsValidationException invalid)
        {
            return [.. invalid.Failures];
        }
        catch (InvalidOperationException unreadable)
        {
            // A value that is not of the setting's type, e.g. a port that is no number: the binder names the key.
            return [unreadable.InnerException is { } inner ? $"{unreadable.Message} {inner.Message}" : unreadable.Message];
        }
    }
}
