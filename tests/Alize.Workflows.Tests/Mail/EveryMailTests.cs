using System.Collections;
using System.Reflection;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Workflows.Mail;

namespace Alize.Workflows.Tests.Mail;

/// <summary>
/// Every mail of the service, in both languages, against its record in <c>Mail/Recorded</c>. After a wanted change, copy what
/// the test wrote to <c>Mail/Received</c> beside the test program over the record, and read the difference.
/// </summary>
public class EveryMailTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static TheoryData<string, string> Mails()
    {
        var all = new TheoryData<string, string>();
        foreach (var mail in typeof(MailComposer).Assembly.GetTypes().Where(IsMail).OrderBy(t => t.Name, StringComparer.Ordinal))
            foreach (var language in new[] { "fr", "en" })
                all.Add(mail.Name, language);
        return all;
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void Reads_as_it_was_recorded(string mail, string language)
    {
        var fileName = $"{mail}.{language}.txt";
        var actual = Written(mail, language, isFull: true) + "\n=== without what may be missing ===\n\n" + Written(mail, language, isFull: false);

        var recorded = Path.Combine(AppContext.BaseDirectory, "Mail", "Recorded", fileName);
        var received = Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "Mail", "Received")).FullName, fileName);
        File.WriteAllText(received, actual);
        Assert.True(File.Exists(recorded), $"'{fileName}' is not recorded yet: read '{received}' and copy it to Mail/Recorded.");
        Assert.Equal(File.ReadAllText(recorded).ReplaceLineEndings("\n"), actual);
    }

    [Fact]
    public void No_template_is_without_its_record_and_no_record_is_without_both_languages()
    {
        var templates = typeof(MailComposer).Assembly.GetManifestResourceNames().Where(n => n.EndsWith("Mail.fr.md", StringComparison.Ordinal) || n.EndsWith("Mail.en.md", StringComparison.Ordinal));

        Assert.Equal(Mails().Select(row => $"{row.Data.Item1}.{row.Data.Item2}.md").Order(StringComparer.Ordinal), templates.Order(StringComparer.Ordinal));
    }

    private static string Written(string name, string language, bool isFull)
    {
        var mail = Sample(typeof(MailComposer).Assembly.GetTypes().Single(t => t.Name == name && IsMail(t)), "mail", isFull);
        var person = new Contact
        {
            Id = Guid.Empty,
            ProgrammeId = Guid.Empty,
            Role = ContactRole.CommitteeMember,
            FullName = "Camille Rivière",
            Email = "camille@partner.example",
            Language = language,
            From = new(2026, 1, 1),
        };
        var composed = new MailComposer().Compose(mail, person, "ALIZÉ® Vallée de l’Ombrelle", isFull ? "Atelier bois" : null);
        var link = composed.Body.Contains(MailComposer.LinkMarker, StringComparison.Ordinal) ? "https://alize.example.org/t/jeton" : null;
        var rendered = MailRenderer.Render(composed.Body, new(language, composed.Subject, "ALIZÉ® Vallée de l’Ombrelle", person.Role, link));
        Assert.DoesNotContain("{{", rendered.Text);
        Assert.Contains("</html>", rendered.Html);
        return $"{composed.Subject}\n\n{rendered.Text}";
    }

    private static bool IsMail(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsNested: false } && type.Name.EndsWith("Mail", StringComparison.Ordinal) && type.GetMethod("<Clone>$") is not null;

    /// <summary>A value made by its type; the name of a text says where it stands.</summary>
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
            ?? throw new InvalidOperationException($"Add a sample of {type} to this test.");
        return constructor.Invoke([.. constructor.GetParameters().Select(p => !isFull && IsNullable(p) ? null : Sample(p.ParameterType, p.Name ?? "", isFull))]);
    }

    private static bool IsNullable(ParameterInfo parameter) => Nullability.Create(parameter).WriteState == NullabilityState.Nullable;
}
