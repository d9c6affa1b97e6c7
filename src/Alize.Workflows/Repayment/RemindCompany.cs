using Alize.Data;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Domain.Repayment;
using Alize.Workflows.Documents;
using Alize.Workflows.Eligibility;
using Alize.Workflows.Mail;
using Alize.Workflows.Programmes;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Repayment;

/// <summary>
/// Reminds the company of an instalment. The mail is withdrawn from the outbox when the instalment is settled before it leaves; each
/// step of the ladder writes it once.
/// </summary>
[Activity("Alize", "Remboursement", "Rappelle une échéance à l’entreprise ; le courriel est retiré si l’échéance est soldée avant son départ.", DisplayName = "Relancer l’entreprise")]
public sealed class RemindCompany : CodeActivity
{
    private const string CopyToOperator =
        "Voici la mise en demeure adressée ce jour à {{ company.name }}. La lettre recommandée qui la confirme est jointe : imprimez-la, signez-la et envoyez-la.\n\n---\n\n";

    private const string EnglishCopyToOperator =
        "This is the formal notice sent to {{ company.name }} today. The registered letter that confirms it is attached: print, sign and send it.\n\n---\n\n";

    [Input(DisplayName = "Échéance", Description = "Numéro de l’échéance.")]
    public Input<int> Number { get; set; } = default!;

    [Input(DisplayName = "Objet", Description = "{{ installment.amount }}, {{ installment.due_on }}, {{ installment.number }}, {{ advance.reference }}… sont remplacés.")]
    public Input<string> Subject { get; set; } = default!;

    [Input(DisplayName = "Message", Description = "Texte du courriel, en Markdown ; mêmes valeurs que l’objet.", UIHint = InputUIHints.MultiLine)]
    public Input<string> Message { get; set; } = default!;

    [Input(DisplayName = "Objet en anglais", Description = "Vide : l’objet français.", Category = "Anglais")]
    public Input<string?>? EnglishSubject { get; set; }

    [Input(DisplayName = "Message en anglais", Description = "Vide : le message français.", Category = "Anglais", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? EnglishMessage { get; set; }

    [Input(DisplayName = "Mise en demeure", Description = "L’opérateur reçoit copie et envoie la lettre recommandée.", DefaultValue = false)]
    public Input<bool> IsFormalNotice { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var (file, advance, installment) = await InstallmentsOf.OneAsync(context, context.Get(Number));
        if (installment.IsOver) return;

        var subject = await context.GetRequiredService<StepSubjects>().OfAsync(context);
        var texts = context.GetRequiredService<ProcedureTexts>();
        var outbox = context.GetRequiredService<Outbox>();
        var own = new Dictionary<string, object?>
        {
            ["installment"] = new Dictionary<string, object?>
            {
                ["number"] = advance.RankOf(installment),
                ["count"] = advance.Installments.Count,
                ["amount"] = installment.Outstanding.ToString(),
                ["due_on"] = installment.CollectOn,
            },
        };
        var title = new Wording(context.Get(Subject)!, context.Get(EnglishSubject));
        var message = new Wording(context.Get(Message)!, context.Get(EnglishMessage));
        var isFormalNotice = context.Get(IsFormalNotice);
        var about = new MailAbout(file.ProgrammeId, file.Project.Id, UnlessSettledInstallmentId: installment.Id)
        {
            Attachments = isFormalNotice ? [await MakeLetterAsync(context, file, advance, installment)] : [],
        };
        var addressees = context.GetRequiredService<Addressees>();
        foreach (var contact in await addressees.FindAsync("company", file.ProgrammeId, file.Project, cancel))
            await outbox.PostAsync(
                new RemindCompanyMail(
                    await texts.PlainAsync(title, contact, subject, own, cancel), new(await texts.MarkdownAsync(message, contact, subject, own, cancel)),
                    advance.Reference, installment.Outstanding, installment.CollectOn),
                contact, about with { LinkPurpose = MailLinks.Account }, $"{context.StepKey()}:{contact.Id:N}", cancel);

        // The operator is no debtor: a copy that says what is left to do, not the notice itself.
        if (isFormalNotice)
            await context.TellAsync(
                await addressees.FindAsync("operator", file.ProgrammeId, file.Project, cancel),
                new("Copie : " + title.French, "Copy: " + (title.English ?? title.French)),
                new(CopyToOperator + message.French, EnglishCopyToOperator + (message.English ?? message.French)), subject, own, about, part: "copy:");

        var kind = isFormalNotice ? "formal-notice" : "reminder";
        context.GetRequiredService<Trail>().Add(
            file.ProgrammeId, kind, $"{await texts.PlainAsync(title, null, subject, own, cancel)} (échéance {advance.RankOf(installment)} de {advance.Reference})",
            projectId: file.Project.Id, subjectId: installment.Id);
    }

    /// <summary>The registered letter, ready to be printed, in the project's file.</summary>
    private static async Task<Guid> MakeLetterAsync(ActivityExecutionContext context, ProjectFile file, GrantedAdvance advance, Installment installment)
    {
        var cancel = context.CancellationToken;
        var today = context.GetRequiredService<ProgrammeClock>().Today;
        var heads = await context.GetRequiredService<Addressees>().FindAsync("company", file.ProgrammeId, file.Project, cancel);
        var local = await context.GetRequiredService<AlizeDb>().Partners.AsNoTracking()
            .Where(p => p.ProgrammeId == file.ProgrammeId && p.Kind == PartnerKind.LocalOperator).Select(p => p.Name).FirstOrDefaultAsync(cancel);
        var letter = new FormalNoticeDocument(
            file.Company.Name, file.Company.Commune, string.Join(", ", heads.Select(h => h.FullName)), advance.Reference, advance.RankOf(installment), installment.CollectOn, installment.Outstanding,
            advance.Outstanding, advance.PaidOn, advance.Position.PaidOut, local ?? "l’opérateur local",
            [.. advance.Installments.Where(i => !i.IsSettled && i.CollectOn < today).Select(i => new OverdueInstallment(advance.RankOf(i), i.CollectOn, i.Outstanding))]);
        return (await context.GetRequiredService<DocumentArchive>().MakeAsync(
            new(context.StepKey(), letter, file.ProgrammeId, Trail.Service, file.Project.Id, installment.Id, file.Project.Number), cancel)).Id;
    }
}

/// <summary>Reminds a company of an instalment, with what to write on its transfer.</summary>
public sealed record RemindCompanyMail(string Title, MarkdownText Message, string Reference, Money Amount, DateOnly CollectOn);
