using Alize.Domain;
using Alize.Domain.Aid;
using Alize.Web.Look;
using Alize.Web.Programmes;
using Alize.Workflows;
using Alize.Workflows.Aid;
using Microsoft.AspNetCore.Mvc;

namespace Alize.Web.Pages.Aid;

/// <summary>The dated table of the Commission's base rates, which the gross grant equivalent of an advance rests on (R7c).</summary>
public sealed class RatesModel(StateAid aid) : ProgrammePage
{
    public IReadOnlyList<BaseRate> Rates { get; private set; } = [];

    /// <summary>What keeps today's rate from being trusted.</summary>
    public IReadOnlyList<Refusal> Refusals { get; private set; } = [];

    // As typed.
    public string From { get; private set; } = "";

    public string Rate { get; private set; } = "";

    public string Source { get; private set; } = "";

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnPostAsync(string? from, string? rate, string? source, CancellationToken cancel)
    {
        (From, Rate, Source) = (from ?? "", rate ?? "", source ?? "");
        IReadOnlyList<Problem> problems =
            Typed.Day(From) is not { } day ? [new("from", "Indiquez le premier jour où le taux est en vigueur.")]
            : Typed.BasisPoints(Rate) is not { } basisPoints ? [new("rate", $"« {Rate} » n’est pas un taux. Écrivez par exemple 2,18.")]
            : await aid.EnterRateAsync(ProgrammeId, day, basisPoints, Source, By, cancel);
        if (problems.Count > 0)
        {
            await LoadAsync(cancel);
            return Refused(problems);
        }

        Say("Le taux est enregistré. Il vaut pour les aides décidées à partir de ce jour.");
        return Redirect($"{Root}/aid/rates");
    }

    public async Task<IActionResult> OnGetExportAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        var sheet = new Sheet("En vigueur le", "Taux de base (%)", "Taux de référence (%)", "Source");
        foreach (var rate in Rates) sheet.Row(rate.From, rate.BasisPoints / 100m, (rate.BasisPoints + ReferenceRates.UnratedMarginBasisPoints) / 100m, rate.Source);
        return sheet.File("Taux de base");
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Rates = [.. (await aid.RatesAsync(Programme, cancel)).Reverse()];
        Refusals = await aid.RateRefusalsAsync(Programme, Clock.Today, cancel);
    }
}
