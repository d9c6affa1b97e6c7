using System.Collections;
using System.Reflection;
using Alize.Domain;

namespace Alize.Workflows.Mail;

/// <summary>Made-up mails, a value made by its type: to show a template with, and to try a new wording on.</summary>
public static class MailSamples
{
    private static readonly NullabilityInfoContext Nullability = new();
    private static readonly Lock Guard = new();   // the context caches and is not made for many threads

    /// <summary>A mail with everything, or without what may be missing.</summary>
    public static object Of(Type mail, bool isFull)
    {
        lock (Guard) return Sample(mail, "mail", isFull);
    }

    /// <summary>The name of a text says where it stands.</summary>
    private static object Sample(Type type, string name, bool isFull)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return $"‹{name}›";
        if (type == typeof(MarkdownText)) return new MarkdownText($"Texte **{name}** de l’opérateur\u00A0:\n\n- un point\n- un autre");
        if (type == typeof(DateOnly)) return new DateOnly(2026, 6, 3);
        if (type == typeof(TimeOnly)) return new TimeOnly(14, 30);
        if (type == typeof(DateTime)) return new DateTime(2026, 6, 3, 12, 30, 0, DateTimeKind.Utc);
        if (type == typeof(Money)) return new Money(123456);
        if (type == typeof(int)) return 3;
        if (type == typeof(long)) return 3L;
        if (type == typeof(decimal)) return 3.5m;
        if (type == typeof(bool)) return isFull;
        if (type == typeof(Guid)) return new Guid("11111111-2222-3333-4444-555555555555");
        if (type.IsEnum) return Enum.GetValues(type).GetValue(0) ?? throw new InvalidOperationException($"{type} has no value.");
        if (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)))
        {
            var item = type.GetGenericArguments()[0];
            var items = Array.CreateInstance(item, isFull ? 2 : 1);
            for (var i = 0; i < items.Length; i++) items.SetValue(Sample(item, $"{name} {i + 1}", isFull), i);
            return items;
        }

        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"Add a sample of {type} here.");
        return constructor.Invoke([.. constructor.GetParameters().Select(p => !isFull && IsNullable(p) ? null : Sample(p.ParameterType, p.Name ?? "", isFull))]);
    }

    private static bool IsNullable(ParameterInfo parameter) => Nullability.Create(parameter).WriteState == NullabilityState.Nullable;
}
