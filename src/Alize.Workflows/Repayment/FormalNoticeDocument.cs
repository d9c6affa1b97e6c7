using Alize.Domain;

namespace Alize.Workflows.Repayment;

/// <summary>Mise en demeure: the registered letter to a company that has not repaid an instalment (R6, art. 6.2).</summary>
/// <param name="Company">Name of the company.</param>
/// <param name="Commune">Its commune.</param>
/// <param name="Head">Who heads it. Empty: unknown.</param>
/// <param name="Reference">Reference of the advance, to write on the transfer.</param>
/// <param name="Number">Number of the instalment.</param>
/// <param name="DueOn">Day it was due.</param>
/// <param name="Amount">What of it is still unpaid.</param>
/// <param name="Outstanding">What is left of the advance in all.</param>
/// <param name="PaidOn">Day the advance was paid.</param>
/// <param name="Principal">The advance.</param>
/// <param name="Operator">Name of the local operator.</param>
/// <param name="Overdue">Every instalment overdue that day.</param>
public sealed record FormalNoticeDocument(
    string Company, string Commune, string Head, string Reference, int Number, DateOnly DueOn, Money Amount, Money Outstanding, DateOnly PaidOn,
    Money Principal, string Operator, IReadOnlyList<OverdueInstallment> Overdue)
{
    public static FormalNoticeDocument Sample { get; } = new(
        "Tournerie des Aulnes", "Saint-Aubin-sur-Ombrelle", "Sylvie Arnaud", "AV-2026-003", 7, new(2027, 4, 16), Money.Euros(1_000), Money.Euros(24_000),
        new(2026, 3, 16), Money.Euros(30_000), "Ombrelle Développement", [new(7, new(2027, 4, 16), Money.Euros(1_000))]);
}

/// <summary>An instalment that is overdue.</summary>
public sealed record OverdueInstallment(int Number, DateOnly DueOn, Money Amount);
