using Alize.Domain;

namespace Alize.Workflows.Repayment;

/// <summary>Relevé de compte: where a company's advance stands on a day, made when the company asks for it (R6, art. 6.2).</summary>
/// <param name="Company">Name of the company.</param>
/// <param name="Commune">Its commune.</param>
/// <param name="Project">Number of the project.</param>
/// <param name="Reference">Reference of the advance, to write on each transfer.</param>
/// <param name="On">Day of the statement.</param>
/// <param name="Paid">Paid to the company, in all.</param>
/// <param name="PaidOn">Day of the first payment.</param>
/// <param name="Repaid">Repaid so far.</param>
/// <param name="Outstanding">Still to be repaid.</param>
/// <param name="Overdue">Of which overdue that day.</param>
/// <param name="Lost">Given up by the committee.</param>
/// <param name="Excess">Repaid beyond what is owed, to be given back.</param>
/// <param name="Operator">Name of the local operator.</param>
/// <param name="Installments">The schedule in force.</param>
/// <param name="Receipts">What came in, oldest first.</param>
public sealed record StatementOfAccountDocument(
    string Company, string Commune, string Project, string Reference, DateOnly On, Money Paid, DateOnly PaidOn, Money Repaid, Money Outstanding,
    Money Overdue, Money Lost, Money Excess, string Operator, IReadOnlyList<StatedInstallment> Installments, IReadOnlyList<StatedReceipt> Receipts)
{
    /// <summary>With arrears and excess, and just begun.</summary>
    public static IReadOnlyList<StatementOfAccountDocument> Samples { get; } =
    [
        new(
            "Tournerie des Aulnes", "Saint-Aubin-sur-Ombrelle", "2026-001", "AV-2026-001", new(2027, 1, 15), Money.Euros(30_000), new(2026, 3, 16), Money.Euros(1_500),
            Money.Euros(28_500), Money.Euros(1_500), Money.Euros(500), Money.Euros(20), "Ombrelle Développement",
            [
                new(1, new(2026, 11, 16), Money.Euros(1_000), Money.Euros(1_000), "réglée"), new(2, new(2026, 12, 16), Money.Euros(1_000), Money.Euros(500), "en retard"),
                new(3, new(2027, 2, 16), Money.Euros(1_000), Money.Zero, "à venir"),
            ],
            [new(new(2026, 11, 17), Money.Euros(1_500), "VIR-2026-1107")]),
        new(
            "Menuiserie Lagrange", "Le Pré-Haut", "2026-003", "AV-2026-003", new(2026, 4, 1), Money.Euros(12_000), new(2026, 3, 16), Money.Zero, Money.Euros(12_000), Money.Zero,
            Money.Zero, Money.Zero, "Ombrelle Développement", [new(1, new(2026, 10, 16), Money.Euros(12_000), Money.Zero, "à venir")], []),
    ];
}

/// <summary>An instalment of a statement.</summary>
public sealed record StatedInstallment(int Number, DateOnly DueOn, Money Amount, Money Repaid, string State);

/// <summary>A receipt of a statement.</summary>
public sealed record StatedReceipt(DateOnly On, Money Amount, string Reference);
