using Alize.Data;
using Alize.Domain.Repayment;
using Alize.Workflows.Eligibility;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Repayment;

/// <summary>Lists the instalments of the project's advance, so that each gets its own ladder of reminders.</summary>
[Activity("Alize", "Remboursement", "Donne la liste des échéances de l’avance, pour une échelle de relances par échéance.", DisplayName = "Lister les échéances")]
public sealed class ListInstallments : CodeActivity
{
    [Output(DisplayName = "Échéances", Description = "Numéros des échéances non soldées, dans l’ordre.")]
    public Output<int[]>? Numbers { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var advance = await InstallmentsOf.AdvanceAsync(context);
        context.Set(Numbers, advance.Installments.Where(i => !i.IsSettled).Select(i => i.Number).Order().ToArray());
    }
}

/// <summary>
/// Waits until so many days before or after an instalment's day of collection, or until it is settled, whichever comes first. A day
/// that is not a working day moves to the next one.
/// </summary>
[Activity("Alize", "Remboursement", "Attend un jour compté depuis l’échéance, ou que l’échéance soit soldée.", DisplayName = "Attendre l’échéance")]
[FlowNode("Reached", "Settled")]
public sealed class AwaitInstallment : Activity
{
    [Input(DisplayName = "Échéance", Description = "Numéro de l’échéance.")]
    public Input<int> Number { get; set; } = default!;

    [Input(DisplayName = "Jours", Description = "Jours après l’échéance ; un nombre négatif compte avant. Vide : attendre le paiement, sans limite.")]
    public Input<int?>? Days { get; set; }

    protected override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var (file, advance, installment) = await InstallmentsOf.OneAsync(context, context.Get(Number));
        if (installment.IsSettled)
        {
            await context.CompleteActivityWithOutcomesAsync("Settled");
            return;
        }

        context.CreateBookmark(new CreateBookmarkArgs
        {
            BookmarkName = Signals.InstallmentSettled,
            Stimulus = Signals.Key(installment.Id),
            Callback = OnSettledAsync,
        });
        if (context.Get(Days) is not { } days) return;
        var day = file.Calendar.OnOrAfter(installment.CollectOn.AddDays(days));
        context.DelayUntil(
            context.GetRequiredService<ProgrammeClock>().MorningOf(day), OnReachedAsync,
            $"{file.Project.Number} · {advance.Reference} · échéance {installment.Number}, {Offset(days)}");
    }

    private static async ValueTask OnSettledAsync(ActivityExecutionContext context) =>
        await context.CompleteActivityWithOutcomesAsync("Settled");

    // The payment may have been recorded while this timer was on its way: the instalment itself decides.
    private async ValueTask OnReachedAsync(ActivityExecutionContext context)
    {
        var (_, _, installment) = await InstallmentsOf.OneAsync(context, context.Get(Number));
        await context.CompleteActivityWithOutcomesAsync(installment.IsSettled ? "Settled" : "Reached");
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
        var installment = advance.Installments.SingleOrDefault(i => i.Number == number)
            ?? throw new InvalidOperationException($"Advance '{advance.Reference}' has no instalment {number}; it has {advance.Installments.Count}.");
        return (file, advance, installment);
    }
}
