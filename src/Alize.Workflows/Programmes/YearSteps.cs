using Alize.Domain;
using Alize.Domain.Programmes;

namespace Alize.Workflows.Programmes;

/// <summary>Waits until a day of the year, or of the next one; a day that is not a working day moves to the next one, a past day is passed at once.</summary>
[Activity("Alize", "Programme", "Attend un jour de l’année, ou de la suivante ; un jour non ouvré glisse au prochain, un jour passé n’est pas attendu.", DisplayName = "Attendre un jour de l’année")]
public sealed class AwaitYearDay : Activity
{
    [Input(DisplayName = "Mois", Description = "De 1 à 12.")]
    public Input<int> Month { get; set; } = default!;

    [Input(DisplayName = "Jour", Description = "De 1 à 31 ; dans un mois plus court, son dernier jour.")]
    public Input<int> Day { get; set; } = default!;

    [Input(DisplayName = "Années après", Description = "0 : l’année même. 1 : l’année suivante, pour ce qui se fait une fois l’année finie.", DefaultValue = 0)]
    public Input<int> YearsAfter { get; set; } = default!;

    [Input(DisplayName = "Libellé", Description = "Ce que le calendrier des échéances affiche.")]
    public Input<string> Label { get; set; } = default!;

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (subject, year) = await context.GetRequiredService<StepSubjects>().YearAsync(context);
        var (at, month) = (year.Year + context.Get(YearsAfter), context.Get(Month));
        var day = subject.Calendar.OnOrAfter(new DateOnly(at, month, Math.Min(context.Get(Day), DateTime.DaysInMonth(at, month))));
        var clock = context.GetRequiredService<ProgrammeClock>();
        if (day < clock.Today)
        {
            await context.CompleteActivityAsync();
            return;
        }

        context.DelayUntil(clock.MorningOf(day), OnDayAsync, FrenchText.Typeset($"Année {year.Year} · {context.Get(Label)}"));
    }

    private static ValueTask OnDayAsync(ActivityExecutionContext context) => context.CompleteActivityAsync();
}

/// <summary>Looks whether the year's duties are done (R15): accounts closed, report sent, presented, annexed.</summary>
[Activity("Alize", "Programme", "Vérifie les obligations de l’année : comptes arrêtés, rapport envoyé, présenté, annexé à un appel de fonds.", DisplayName = "Vérifier les obligations de l’année")]
[FlowNode("Done", "Missing")]
public sealed class CheckYearlyDuties : Activity
{
    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (_, year) = await context.GetRequiredService<StepSubjects>().YearAsync(context);
        var today = context.GetRequiredService<ProgrammeClock>().Today;
        var duties = await context.GetRequiredService<ProgrammeYears>().DutiesAsync(year, context.CancellationToken);
        await context.CompleteActivityWithOutcomesAsync(duties.All(d => d.On(today) == DutyState.Done) ? "Done" : "Missing");
    }
}

/// <summary>
/// Waits until the steering committee has not met for so many months (R14, art. 5.1). A meeting held meanwhile begins the count anew;
/// when the year ends first, the next year's procedure goes on watching.
/// </summary>
[Activity("Alize", "Programme", "Attend que le comité de pilotage ne se soit pas réuni depuis tant de mois ; une réunion tenue entre-temps fait repartir le compte.", DisplayName = "Surveiller le comité de pilotage")]
[FlowNode("Late", "Passed", "Done")]
public sealed class AwaitSteeringLate : Activity
{
    [Input(DisplayName = "Mois", Description = "Mois sans réunion : 9 pour prévenir, 12 pour constater le retard.")]
    public Input<int> Months { get; set; } = default!;

    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => LookAsync(context);

    private async ValueTask LookAsync(ActivityExecutionContext context)
    {
        var (subject, year) = await context.GetRequiredService<StepSubjects>().YearAsync(context);
        var clock = context.GetRequiredService<ProgrammeClock>();
        var rhythm = await context.GetRequiredService<ProgrammeYears>().SteeringAsync(subject.Programme, context.CancellationToken);

        // On the last day of the twelve months it may still meet: it is late the day after.
        var months = context.Get(Months);
        var day = (rhythm.LastMetOn ?? subject.Programme.SignedOn).AddMonths(months).AddDays(months >= SteeringRhythm.MeetWithinMonths ? 1 : 0);
        if (day.Year != year.Year)
        {
            // A day of the year before was told by that year's own procedure.
            await context.CompleteActivityWithOutcomesAsync(day.Year < year.Year ? "Passed" : "Done");
            return;
        }

        if (day <= clock.Today)
        {
            await context.CompleteActivityWithOutcomesAsync("Late");
            return;
        }

        context.DelayUntil(clock.MorningOf(subject.Calendar.OnOrAfter(day)), LookAsync, $"Année {year.Year} · comité de pilotage, {months} mois sans réunion");
    }
}
