using Alize.Domain.Programmes;
using Alize.Workflows.Documents;
using Alize.Workflows.Mail;

namespace Alize.Workflows.Programmes;

/// <summary>Tells people something by mail; nothing is waited for. One person in two roles gets one mail.</summary>
[Activity("Alize", "Partenaires", "Informe une ou plusieurs personnes par courriel, sans attendre de réponse.", DisplayName = "Informer")]
public sealed class Notify : CodeActivity
{
    [Input(DisplayName = "À qui", Description = "Un rôle, ou plusieurs séparés par des virgules (à écrire en JavaScript : 'company,chair').", UIHint = InputUIHints.DropDown, UIHandler = typeof(AddresseeChoices))]
    public Input<string> To { get; set; } = default!;

    [Input(DisplayName = "Objet", Description = "Objet du courriel. {{ company.name }}, {{ project.title }}… sont remplacés.")]
    public Input<string> Subject { get; set; } = default!;

    [Input(DisplayName = "Message", Description = "Texte du courriel, en Markdown.", UIHint = InputUIHints.MultiLine)]
    public Input<string> Message { get; set; } = default!;

    [Input(DisplayName = "Objet en anglais", Description = "Vide : l’objet français.", Category = "Anglais")]
    public Input<string?>? EnglishSubject { get; set; }

    [Input(DisplayName = "Message en anglais", Description = "Vide : le message français.", Category = "Anglais", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? EnglishMessage { get; set; }

    [Input(DisplayName = "Pièces jointes", Description = "Un document, ou plusieurs séparés par des virgules (à écrire en JavaScript). {{ attachments }} en donne les titres.", UIHint = InputUIHints.DropDown, UIHandler = typeof(AttachmentChoices))]
    public Input<string?>? Attach { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var texts = context.GetRequiredService<ProcedureTexts>();
        var people = await context.GetRequiredService<Addressees>().FindAsync(context.Get(To)!, subject.Programme.Id, subject.File?.Project, cancel);
        var title = new Wording(context.Get(Subject)!, context.Get(EnglishSubject));
        var message = new Wording(context.Get(Message)!, context.Get(EnglishMessage));
        var attached = await context.GetRequiredService<ProcedureAttachments>().FindAsync(context.Get(Attach), subject, cancel);
        var own = new Dictionary<string, object?> { ["attachments"] = attached.Select(d => d.Title).ToArray() };
        await context.TellAsync(
            people, title, message, subject, own, new(subject.Programme.Id, subject.File?.Project.Id) { AlsoToDelegate = true, Attachments = [.. attached.Select(d => d.Id)] });

        var told = string.Join(", ", people.Select(p => p.FullName));
        context.GetRequiredService<Trail>().Add(
            subject.Programme.Id, "mail", $"Informé(s) : {told} — {await texts.PlainAsync(context.Get(Subject)!, subject, cancel)}",
            projectId: subject.File?.Project.Id, subjectId: subject.Session?.Id ?? subject.Year?.Id ?? subject.Term?.Id);
    }
}

/// <summary>Tells one person something; its text is in the definition.</summary>
public sealed record NotifyMail(string Title, MarkdownText Message);

internal static class NotifyMails
{
    /// <summary>Tells each of them a step's words, in the addressee's language: one mail a person, however often the step runs.</summary>
    /// <param name="context">The step.</param>
    /// <param name="people">Whom to tell.</param>
    /// <param name="title">Subject line.</param>
    /// <param name="message">Text, Markdown.</param>
    /// <param name="subject">What the words may name.</param>
    /// <param name="own">What they may name beside it. Null: nothing.</param>
    /// <param name="about">What the mails are about.</param>
    /// <param name="part">Tells apart the several things one step says. Empty: it says one.</param>
    public static async Task TellAsync(
        this ActivityExecutionContext context, IEnumerable<Contact> people, Wording title, Wording message, StepSubject subject,
        IReadOnlyDictionary<string, object?>? own, MailAbout about, string part = "")
    {
        var cancel = context.CancellationToken;
        var (texts, outbox) = (context.GetRequiredService<ProcedureTexts>(), context.GetRequiredService<Outbox>());
        foreach (var contact in people)
            await outbox.PostAsync(
                new NotifyMail(await texts.PlainAsync(title, contact, subject, own, cancel), new(await texts.MarkdownAsync(message, contact, subject, own, cancel))),
                contact, about, $"{context.StepKey()}:{part}{contact.Id:N}", cancel);
    }
}
