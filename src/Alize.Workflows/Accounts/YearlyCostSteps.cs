using System.Globalization;
using System.Text.Json.Nodes;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Workflows.Programmes;

namespace Alize.Workflows.Accounts;

/// <summary>Works out what ASTREES is still to get for the year (R12, art. 7): 6,000 € a calendar year, 18,000 € in all.</summary>
[Activity("Alize", "Comptes", "Calcule ce que la convention doit encore à ASTREES pour l’année : 6 000 € par an, 18 000 € en tout.", DisplayName = "Calculer la contribution à ASTREES")]
[FlowNode("Due", "Nothing")]
public sealed class DueContribution : Activity
{
    [Output(DisplayName = "Montant", Description = "Ce qui reste à verser pour l’année.")]
    public Output<string>? Amount { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var (subject, year) = await context.GetRequiredService<StepSubjects>().YearAsync(context);
        var ledger = context.GetRequiredService<Ledger>();
        var due = OperatingCosts.NetworkDue(
            await ledger.CostAsync(subject.Programme.Id, LedgerAccount.NetworkContribution, year.Year, cancel),
            await ledger.CostAsync(subject.Programme.Id, LedgerAccount.NetworkContribution, null, cancel));
        context.Set(Amount, due.ToString());
        await context.CompleteActivityWithOutcomesAsync(due > Money.Zero ? "Due" : "Nothing");
    }
}

/// <summary>Books a payment of the second account (R9, R12, R13), or says which figure would pass.</summary>
[Activity("Alize", "Comptes", "Inscrit au journal une dépense du compte de fonctionnement ; refusée au-delà de son plafond ou du solde, avec le montant qui passerait.", DisplayName = "Inscrire une dépense de fonctionnement")]
[FlowNode("Paid", "Refused")]
public sealed class PayOperatingCost : Activity
{
    [Input(DisplayName = "Nature", Description = "Le compte de la dépense.", UIHint = InputUIHints.DropDown, UIHandler = typeof(CostChoices))]
    public Input<LedgerAccount> Cost { get; set; } = default!;

    [Input(DisplayName = "Réponse", Description = "La réponse reçue : amount, paidOn, document.")]
    public Input<JsonObject> Answer { get; set; } = default!;

    [Input(DisplayName = "Payé par", Description = "Nom de la personne qui a ordonné la dépense.")]
    public Input<string?>? By { get; set; }

    [Output(DisplayName = "Motif du refus", Description = "Ce qui s’y oppose, en phrases. Vide : la dépense est inscrite.")]
    public Output<string>? Reason { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (subject, year) = await context.GetRequiredService<StepSubjects>().YearAsync(context);
        var answer = context.Get(Answer) ?? [];
        var amount = answer["amount"] is JsonValue cents ? new Money(cents.GetValue<long>()) : Money.Zero;
        var on = DateOnly.TryParse((string?)answer["paidOn"], CultureInfo.InvariantCulture, out var day) ? day : context.GetRequiredService<ProgrammeClock>().Today;
        var cost = context.Get(Cost);
        var by = context.Get(By) is { Length: > 0 } name ? name : Trail.Service;
        var problems = await context.GetRequiredService<Endowments>().SpendWithinAsync(
            subject.Programme.Id, $"expense:{context.StepKey()}", cost, $"{cost.French()} {year.Year}", amount, on, (string?)answer["document"] ?? "", by, context.CancellationToken);
        context.Set(Reason, string.Join(" ", problems.Select(p => p.Sentence)));
        await context.CompleteActivityWithOutcomesAsync(problems.Count == 0 ? "Paid" : "Refused");
    }
}

/// <summary>Closes the accounts through the year's end (R15, art. 5.3), unless they are.</summary>
[Activity("Alize", "Comptes", "Arrête les comptes au 31 décembre de l’année ; ce qui était faux se corrige ensuite dans la période ouverte.", DisplayName = "Arrêter les comptes de l’année")]
public sealed class CloseYearAccounts : CodeActivity
{
    [Input(DisplayName = "Arrêté par", Description = "Nom de la personne qui arrête les comptes.")]
    public Input<string?>? By { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var cancel = context.CancellationToken;
        var (subject, year) = await context.GetRequiredService<StepSubjects>().YearAsync(context);
        var end = new DateOnly(year.Year, 12, 31);
        if (await context.GetRequiredService<Ledger>().ClosedThroughAsync(subject.Programme.Id, cancel) is { } closed && closed >= end) return;
        var by = context.Get(By) is { Length: > 0 } name ? name : Trail.Service;
        var problems = await context.GetRequiredService<Books>().CloseWithinAsync(subject.Programme.Id, end, by, cancel);
        if (problems.Count > 0) throw new InvalidOperationException($"The accounts of {year.Year} cannot be closed yet: {problems[0].Sentence}");
    }
}
