using System.Globalization;
using Alize.Domain;
using Alize.Domain.Accounts;
using Alize.Domain.Repayment;
using Microsoft.EntityFrameworkCore;

namespace Alize.Workflows.Demo.Years;

/// <summary>The companies' banks: each company repays in its own way, by transfers that the programme learns of from its statement.</summary>
internal sealed class Purses(YearsWorld world, Guid programmeId, Dice dice, Respondents people, StoryBank bank)
{
    private readonly Dictionary<Guid, Money> sent = [];
    private readonly HashSet<(Guid Advance, int Number)> paid = [];
    private readonly HashSet<(Guid Advance, int Number)> halved = [];
    private readonly HashSet<Guid> done = [];
    private readonly HashSet<Guid> returned = [];

    public async Task ActAsync(DateOnly today, CancellationToken cancel)
    {
        var advances = await world.ReadAsync(db => db.Advances.AsNoTracking().Where(a => a.ProgrammeId == programmeId).OrderBy(a => a.Reference).ToListAsync(cancel));
        foreach (var advance in advances) Act(advance, people.Projects[advance.ProjectId], today);
    }

    /// <summary>Money the bank took back is not on its way any more.</summary>
    public void TakenBack(Guid advance, Money amount) => sent[advance] -= amount;

    private void Act(GrantedAdvance advance, PlannedProject project, DateOnly today)
    {
        if (project.Habit is Habit.Recovered && advance.Position.Lost > Money.Zero && advance.Rulings[^1].DecidedOn.AddDays(150) <= today && done.Add(advance.Id))
            Send(advance, project, today, new(advance.Position.Lost.Cents / 3), writesReference: true);
        var stops = project.Habit is Habit.Rescheduled or Habit.PartlyLost or Habit.Never or Habit.Recovered && advance.Rulings.Count == 0;
        var settled = advance.Installments.Count(i => paid.Contains((advance.Id, i.Number)));
        foreach (var installment in advance.Installments.Where(i => !i.IsSettled && !paid.Contains((advance.Id, i.Number))))
        {
            if (stops && settled >= dice.Between(1, 3, advance.Reference + "stops")) return;
            if (installment.CollectOn.AddDays(Lateness(project, advance, installment)) > today) return;
            settled++;
            Repay(advance, project, installment, today);
        }
    }

    private void Repay(GrantedAdvance advance, PlannedProject project, Installment installment, DateOnly today)
    {
        // What is on its way has not reached the books yet; it pays the oldest instalments.
        var isLast = advance.Installments[^1].Number == installment.Number;
        var key = string.Create(CultureInfo.InvariantCulture, $"{advance.Reference}#{installment.Number}");
        switch (project.Habit)
        {
            case Habit.InTwo when halved.Add((advance.Id, installment.Number)):
                Send(advance, project, today, new(installment.Amount.Cents / 2), writesReference: true);
                return;
            case Habit.InTwo:
                paid.Add((advance.Id, installment.Number));
                Send(advance, project, today, installment.Amount - new Money(installment.Amount.Cents / 2), writesReference: true);
                return;
            case Habit.Early when advance.RankOf(installment) > dice.Between(2, 4, advance.Reference + "early"):
                foreach (var rest in advance.Installments) paid.Add((advance.Id, rest.Number));
                Send(advance, project, today, advance.Outstanding - OnItsWay(advance), writesReference: true);
                return;
        }

        paid.Add((advance.Id, installment.Number));
        var more = project.Habit == Habit.Excess && isLast ? new Money(4_550) : Money.Zero;
        Send(advance, project, today, installment.Amount + more, writesReference: !dice.Falls(25, key + "forgets"));
        if (project.Habit == Habit.Returned && returned.Add(advance.Id))
            bank.Move(
                YearsTerritory.AdvancesIban, StoryBank.OpenDay(today).AddDays(4), -installment.Amount, project.Form.Company, project.Iban, $"RETOUR VIR {advance.Reference}",
                new(CounterpartKind.ReturnedRepayment, advance.Id));
    }

    private int Lateness(PlannedProject project, GrantedAdvance advance, Installment installment)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{advance.Reference}#{installment.Number}late");
        return project.Habit switch
        {
            Habit.Late => dice.Falls(20, key) ? dice.Between(31, 40, key) : dice.Between(1, 20, key),
            Habit.InTwo when halved.Contains((advance.Id, installment.Number)) => 10,
            _ => -dice.Between(0, 2, key),
        };
    }

    private Money OnItsWay(GrantedAdvance advance) => sent.GetValueOrDefault(advance.Id) - advance.Position.Received;

    private void Send(GrantedAdvance advance, PlannedProject project, DateOnly today, Money amount, bool writesReference)
    {
        if (amount <= Money.Zero) return;
        sent[advance.Id] = sent.GetValueOrDefault(advance.Id) + amount;
        bank.Move(
            YearsTerritory.AdvancesIban, today, amount, project.Form.Company, project.Iban, writesReference ? $"ECHEANCE {advance.Reference}" : "REMBOURSEMENT ALIZE",
            new(CounterpartKind.Repayment, advance.Id));
    }
}
