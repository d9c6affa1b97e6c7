using System.Globalization;
using Alize.Domain;
using Alize.Domain.Programmes;
using Alize.Web.Programmes;
using Alize.Workflows.Programmes;
using Microsoft.AspNetCore.Mvc;

namespace Alize.Web.Pages.Programmes;

/// <summary>The territory's dated settings: those of today, what changed and when, and new ones from a day on.</summary>
public sealed class SettingsModel(ProgrammeAgreement agreement) : ProgrammePage
{
    public ProgrammeSettings InForce => Programme.SettingsOn(Clock.Today);

    /// <summary>Newest first; the first row of all has no changes.</summary>
    public IReadOnlyList<(ProgrammeSettings Row, IReadOnlyList<SettingChange> Changes)> History
    {
        get
        {
            var rows = Programme.Settings.OrderBy(s => s.From).ToList();
            return [.. rows.Select((row, i) => (row, i == 0 ? [] : ProgrammeAgreement.Changes(rows[i - 1], row))).Reverse()];
        }
    }

    // As typed.
    public string From { get; private set; } = "";

    public SettingsForm Form { get; private set; } = null!;

    public void OnGet()
    {
        var now = Programme.Settings.MaxBy(s => s.From)!;
        Form = new(
            null, now.DayRate.ToString().TrimEnd('€').Trim(), Text(now.MinimumOwnSharePercent), Text(now.MobilisationWorkingDays),
            now.DeferralCountsInside, now.CompetencesCountAsAid, now.IsAlsaceMoselle, now.CdcCountsOwn);
    }

    public async Task<IActionResult> OnPostAsync(
        string? from, string? dayRate, string? ownShare, string? mobilisation, bool deferralInside, bool competencesAid, bool alsaceMoselle, bool cdcOwn,
        CancellationToken cancel)
    {
        From = from ?? "";
        Form = new(Days.Read(From), dayRate ?? "", ownShare ?? "", mobilisation ?? "", deferralInside, competencesAid, alsaceMoselle, cdcOwn);
        var problems = await agreement.AgreeAsync(ProgrammeId, Form, By, cancel);
        if (problems.Count > 0) return Refused(problems);
        Say($"Les nouvelles règles valent à partir du {FrenchText.Date(Form.From!.Value)}.");
        return Redirect($"{Root}/programme/settings");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
