using Alize.Domain;
using Alize.Workflows.Programmes;

namespace Alize.Workflows.Accounts;

/// <summary>
/// Waits until what remains may be given away (R16, art. 8): the term is over and the last advance is repaid or lost, or clauses
/// spécifiques let repayments go back as they come in. Looks again on the first working day of each month.
/// </summary>
[Activity("Alize", "Comptes", "Attend que les sommes restantes puissent être réparties : dernière avance remboursée ou perdue, ou clause spécifique. Regarde chaque mois.", DisplayName = "Attendre les sommes à répartir")]
[FlowNode("Ready", "Nothing")]
public sealed class AwaitRemainder : Activity
{
    [Output(DisplayName = "Montant", Description = "Ce qui est à répartir, les deux comptes ensemble.")]
    public Output<string>? Amount { get; set; }

    [Output(DisplayName = "Parts", Description = "La part de chaque financeur, en phrases.")]
    public Output<string[]>? Shares { get; set; }

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => LookAsync(context);

    private async ValueTask LookAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var (subject, term) = await context.GetRequiredService<StepSubjects>().TermAsync(context);
        var remainders = context.GetRequiredService<Remainders>();
        var all = await remainders.OfAsync(subject.Programme, term, cancel);
        var funders = await remainders.ByFunderAsync(subject.Programme.Id, all, cancel);
        if (funders.Count > 0)
        {
            context.Set(Amount, Money.Sum(funders.Select(f => f.Due)).ToString());
            context.Set(Shares, funders.Select(f => $"{f.Funder} : {f.Due}").ToArray());
            await context.CompleteActivityWithOutcomesAsync("Ready");
            return;
        }

        var clock = context.GetRequiredService<ProgrammeClock>();
        if (clock.Today > subject.Programme.EndsOn && all.All(r => r.Outstanding == Money.Zero && r.Promised == Money.Zero))
        {
            await context.CompleteActivityWithOutcomesAsync("Nothing");
            return;
        }

        var next = subject.Calendar.OnOrAfter(new DateOnly(clock.Today.Year, clock.Today.Month, 1).AddMonths(1));
        context.CreateBookmark(new CreateBookmarkArgs { BookmarkName = Signals.TermChanged, Stimulus = Signals.Key(term.Id), Callback = LookAsync });
        context.DelayUntil(clock.MorningOf(next), LookAsync, "Terme · sommes à répartir, point mensuel");
    }
}

/// <summary>
/// Gives what remains back to the funders by largest remainder, or to the local structure that was agreed on (R16, art. 8): entries,
/// a statement to each funder and its mail are one transaction.
/// </summary>
[Activity("Alize", "Comptes", "Répartit les sommes restantes entre les financeurs au plus fort reste, ou les reverse à la structure convenue ; écritures et relevé à chacun.", DisplayName = "Répartir les sommes restantes")]
public sealed class GiveRemainderBack : CodeActivity
{
    [Input(DisplayName = "Objet", Description = "Objet du courriel au financeur.")]
    public Input<string> Subject { get; set; } = default!;

    [Input(DisplayName = "Message", Description = "{{ remainder.funder }}, {{ remainder.amount }}, {{ remainder.structure }} sont remplacés ; le relevé est joint.", UIHint = InputUIHints.MultiLine)]
    public Input<string> Message { get; set; } = default!;

    [Input(DisplayName = "Objet en anglais", Description = "Vide : l’objet français.", Category = "Anglais")]
    public Input<string?>? EnglishSubject { get; set; }

    [Input(DisplayName = "Message en anglais", Description = "Vide : le message français.", Category = "Anglais", UIHint = InputUIHints.MultiLine)]
    public Input<string?>? EnglishMessage { get; set; }

    [Input(DisplayName = "Ordonné par", Description = "Nom de la personne qui ordonne la répartition.")]
    public Input<string?>? By { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var (subject, term) = await context.GetRequiredService<StepSubjects>().TermAsync(context);
        var texts = context.GetRequiredService<ProcedureTexts>();
        var (title, message) = (new Wording(context.Get(Subject)!, context.Get(EnglishSubject)), new Wording(context.Get(Message)!, context.Get(EnglishMessage)));
        var by = context.Get(By) is { Length: > 0 } name ? name : Trail.Service;
        await context.GetRequiredService<Remainders>().GiveAsync(
            subject.Programme, term, context.StepKey(), by,
            async (contact, funder) =>
            {
                var own = new Dictionary<string, object?>
                {
                    ["remainder"] = new Dictionary<string, object?> { ["funder"] = funder.Funder, ["amount"] = funder.Due.ToString(), ["structure"] = term.Structure },
                };
                return new(await texts.PlainAsync(title, contact, subject, own, cancel), new(await texts.MarkdownAsync(message, contact, subject, own, cancel)));
            },
            cancel);
    }
}
