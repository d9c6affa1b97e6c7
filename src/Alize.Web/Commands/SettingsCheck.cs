using System.ComponentModel;
using Alize.Data;
using Alize.Engine.Expressions;
using Alize.Web.Hosting;
using Alize.Workflows;
using Alize.Workflows.Http;
using Alize.Workflows.Mail;
using Microsoft.Extensions.Options;

namespace Alize.Web.Commands;

/// <summary>Reads every settings section and names everything wrong with them at once, not one at each start.</summary>
internal static class SettingsCheck
{
    public static IReadOnlyList<string> Problems(IServiceProvider services) =>
    [
        .. Of<DatabaseOptions>(services, DatabaseOptions.Section),
        .. Of<ExpressionOptions>(services, ExpressionOptions.Section),
        .. Of<HttpOptions>(services, HttpOptions.Section),
        .. Of<MailOptions>(services, MailOptions.Section),
        .. Of<InboxOptions>(services, InboxOptions.Section),
        .. Of<AlizeOptions>(services, AlizeOptions.Section),
        .. Of<WebLimits>(services, WebLimits.Section),
    ];

    private static List<string> Of<T>(IServiceProvider services, string section)
        where T : class
    {
        // The binder stops at the first value it cannot read; an administrator wants them all.
        var unreadable = Unreadable<T>(services.GetRequiredService<IConfiguration>().GetSection(section)).ToList();
        if (unreadable.Count > 0) return unreadable;
        try
        {
            _ = services.GetRequiredService<IOptions<T>>().Value;
            return [];
        }
        catch (OptionsValidationException invalid)
        {
            return [.. invalid.Failures];
        }
    }

    private static IEnumerable<string> Unreadable<T>(IConfigurationSection section)
    {
        foreach (var property in typeof(T).GetProperties().Where(p => p.CanWrite))
        {
            if (section[property.Name] is not { Length: > 0 } value || property.PropertyType == typeof(string)) continue;
            if (IsReadable(property.PropertyType, value)) continue;
            var wanted = property.PropertyType.IsEnum ? $"une valeur parmi {string.Join(", ", Enum.GetNames(property.PropertyType))}"
                : property.PropertyType == typeof(bool) ? "true ou false"
                : property.PropertyType == typeof(TimeSpan) ? "une durée telle que 00:00:30"
                : "un nombre";
            yield return $"{section.Key}:{property.Name} vaut « {value} » ; il faut {wanted}.";
        }
    }

    private static bool IsReadable(Type type, string value)
    {
        try
        {
            _ = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value);
            return !type.IsEnum || Enum.TryParse(type, value, ignoreCase: true, out _);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or NotSupportedException)
        {
            return false;
        }
    }
}
