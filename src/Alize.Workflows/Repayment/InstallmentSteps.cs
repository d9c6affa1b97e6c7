using Alize.Data;
using Alize.Domain.Repayment;
using Alize.Workflows.Eligibility;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Repayment;

/// <summary>Lists the instalments of the project's advance, so that each gets its own ladder of reminders.</summary>
[Activity("Alize", "Remboursement", "Donne la liste des échéances de l’avance, pour une échelle de relances par échéance.", DisplayName = "Lister les échéances")]
public sealed class ListInstallments : CodeActivity
{
    [Input(DisplayName = "Après le n°", Description = "N’en donne que les suivantes : celles d’un échéancier plus récent que la dernière liste. Vide : toutes.")]
    public Input<int?>? After { get; set; }

    [Output(DisplayName = "Échéances", Description = "Numéros des échéances non soldées, dans l’ordre.")]
    public Output<int[]>? Numbers { get; set; }

    [Output(DisplayName = "Dernier n°", Description = "Le plus grand des numéros donnés, ou celui d’avant quand il n’y en a aucun.")]
    public Output<int>? Last { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var advance = await InstallmentsOf.AdvanceAsync(context);
        var after = context.Get(After) ?? 0;
        var numbers = advance.Installments.Where(i => !i.IsSettled && i.Number > after).Select(i => i.Number).ToArray();
        context.Set(Numbers, numbers);
        context.Set(Last, numbers.LastOrDefault(after));
    }
}

/// <summary>
/// Waits until so many days before or after an instalment's day of collection, or until it is settled or another schedule replaces it,
/// whichever comes first. A day that is not a working day moves to the next one; a day before the schedule was set up is passed over.
/// </summary>
[Activity("Alize", "Remboursement", "Attend un jour compté depuis l’échéance, ou que l’échéance soit soldée ou remplacée.", DisplayName = "Attendre l’échéance")]
[FlowNode("Reached", "Settled", "Passed")]
public sealed class AwaitInstallment : Activity
{
    [Input(DisplayName = "Échéance", Description = "Numéro de l’échéance.")]
    public Input<int> Number { get; set; } = default!;

    [Input(DisplayName = "Jours", Description = "Jours après l’échéance ; un nombre négatif compte avant. Vide : attendre le paiement, sans limite.")]
    public Input<int?>? Days { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (file, advance, installment) = await InstallmentsOf.OneAsync(context, context.Get(Number));
        var day = context.Get(Days) is { } offset ? file.Calendar.OnOrAfter(installment.CollectOn.AddDays(offset)) : (DateOnly?)null;
        if (installment.IsOver || day < installment.EstablishedOn)
        {
            await context.CompleteActivityWithOutcomesAsync(installment.IsOver ? "Settled" : "Passed");
            return;
        }

        context.CreateBookmark(new CreateBookmarkArgs
        {
            BookmarkName = Signals.InstallmentSettled,
            Stimulus = Signals.Key(installment.Id),
            Callback = OnSettledAsync,
        });
        if (day is not { } morning) return;
        context.DelayUntil(
            context.GetRequiredService<ProgrammeClock>().MorningOf(morning), OnReachedAsync,
            $"{file.Project.Number} · {advance.Reference} · échéance {advance.RankOf(installment)}, {Offset(context.Get(Days)!.Value)}");
    }

    private static async ValueTask OnSettledAsync(ActivityExecutionContext context) =>
        await context.CompleteActivityWithOutcomesAsync("Settled");

    // The payment may have been recorded while this timer was on its way: the instalment itself decides.
    private async ValueTask OnReachedAsync(ActivityExecutionContext context)
    {
        var (_, _, installment) = await InstallmentsOf.OneAsync(context, context.Get(Number));
        await context.CompleteActivityWithOutcomesAsync(installment.IsOver ? "Settled" : "Reached");
    }

    private static string Offset(int days) => days switch
    {
        0 => "le jour même",
        < 0 => $"{-days} jours avant",
        _ => $"{days} jours après",
    };
}

/// <summary>How the steps of a repayment find their advance: the one of the project they are about.</summary>
internal static class InstallmentsOf
{
    public static Task<GrantedAdvance> AdvanceAsync(ActivityExecutionContext context)
    {
        var projectId = context.Correlation();
        return context.GetRequiredService<AlizeDb>().Advances.SingleAsync(a => a.ProjectId == projectId, context.CancellationToken);
    }

    public static async Task<(ProjectFile File, GrantedAdvance Advance, Installment Installment)> OneAsync(ActivityExecutionContext context, int number)
    {
        var file = await context.GetRequiredService<ProjectFiles>().OpenAsync(context);
        var advance = await AdvanceAsync(context);
        var installment = advance.Find(number)
            ?? throw new InvalidOperationException($"Advance '{advance.Reference}' has no instalment {number}; the next one will be {advance.NextNumber}.");
        return (file, advance, installment);
    }
}
