using Alize.Domain;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Workflows;
using Alize.Workflows.Committee;

namespace Alize.Web.Pages.Sessions;

/// <summary>A row of the form's commitments, as typed; an empty one is no commitment.</summary>
public sealed record CommitmentRow(string Partner, string Field, string HalfDays)
{
    public bool IsEmpty => Partner.Length == 0 && Field.Trim().Length == 0 && HalfDays.Trim().Length == 0;
}

/// <summary>The decision form as typed, kept when it comes back with a problem.</summary>
public sealed record DecisionInput(
    string Proposal, IReadOnlyDictionary<Guid, string> Votes, string Advance, string Months, string DeferralMonths,
    IReadOnlyList<CommitmentRow> Commitments, string LeadPartner, string Reason, string Condition)
{
    /// <summary>A choice beside the votes: stands back, and the minutes count the member as present.</summary>
    public const string RecusedPresent = "RecusedPresent";

    /// <summary>A choice beside the votes: stands back, and the minutes do not count the member as present.</summary>
    public const string RecusedAway = "RecusedAway";

    /// <summary>Rows to fill in without JavaScript.</summary>
    public const int Rows = 4;

    /// <summary>What the company asked for, as a first proposal.</summary>
    public static DecisionInput From(CompanyProject project) => new(
        nameof(DecisionOutcome.Approved), new Dictionary<Guid, string>(), Euros(project.RequestedAdvance), Number(project.RequestedMonths),
        Number(project.RequestedDeferralMonths), [.. Enumerable.Repeat(new CommitmentRow("", "", ""), Rows)], project.DetectedByPartnerId.ToString(), "", "");

    /// <summary>What an open ballot puts to the vote; its votes are shown beside, not typed.</summary>
    public static DecisionInput From(Ballot ballot)
    {
        var proposal = Ballots.ProposalOf(ballot);
        var rows = proposal.Commitments.Select(c => new CommitmentRow(c.PartnerId.ToString(), c.Field, Number(c.HalfDays))).ToList();
        while (rows.Count < Rows) rows.Add(new("", "", ""));
        return new(
            proposal.Proposal.ToString(), new Dictionary<Guid, string>(), Euros(proposal.Advance), Number(proposal.Months), Number(proposal.DeferralMonths),
            rows, proposal.LeadPartnerId?.ToString() ?? "", proposal.Reason, proposal.Condition);
    }

    public static DecisionInput From(IFormCollection form)
    {
        var votes = form.Keys.Where(k => k.StartsWith("vote-", StringComparison.Ordinal) && Guid.TryParse(k["vote-".Length..], out _))
            .ToDictionary(k => Guid.Parse(k["vote-".Length..]), k => form[k].ToString());
        var rows = Enumerable.Range(0, Rows).Select(i => new CommitmentRow(form[$"partner-{i}"].ToString(), form[$"field-{i}"].ToString(), form[$"halfDays-{i}"].ToString()));
        return new(
            form["proposal"].ToString(), votes, form["advance"].ToString(), form["months"].ToString(), form["deferralMonths"].ToString(),
            [.. rows], form["leadPartner"].ToString(), form["reason"].ToString(), form["condition"].ToString());
    }

    /// <summary>The typed texts as what is put to the vote; null with what is wrong.</summary>
    public (DecisionForm? Form, IReadOnlyList<Problem> Problems) Read()
    {
        var problems = new List<Problem>();
        if (!Enum.TryParse<DecisionOutcome>(Proposal, out var proposal) || !Enum.IsDefined(proposal))
            problems.Add(new("proposal", "Dites ce qui est mis aux voix : agréer, ajourner ou rejeter."));
        var votes = new Dictionary<Guid, VoteChoice>();
        var recusals = Votes.Where(v => v.Value is RecusedPresent or RecusedAway).ToDictionary(v => v.Key, v => v.Value == RecusedPresent);
        foreach (var (member, typed) in Votes)
            if (Enum.TryParse<VoteChoice>(typed, out var choice) && Enum.IsDefined(choice)) votes[member] = choice;
        var advance = Money.Zero;
        if (Advance.Trim().Length > 0 && !Money.TryParse(Advance, out advance))
            problems.Add(new("advance", $"« {Advance} » n’est pas un montant en euros. Écrivez par exemple 15 000."));
        var months = Whole("months", Months, problems);
        var deferral = Whole("deferralMonths", DeferralMonths, problems);
        var commitments = new List<CommitmentForm>();
        foreach (var row in Commitments.Where(r => !r.IsEmpty))
        {
            if (!Guid.TryParse(row.Partner, out var partner) || row.Field.Trim().Length == 0 || !int.TryParse(row.HalfDays.Trim(), out var halfDays))
                problems.Add(new("commitments", "Chaque appui en compétences a un partenaire, un domaine et un nombre de demi-journées. Complétez la ligne, ou videz-la."));
            else
                commitments.Add(new(partner, row.Field, halfDays));
        }

        if (problems.Count > 0) return (null, problems);
        Guid? lead = Guid.TryParse(LeadPartner, out var known) ? known : null;
        return (new(proposal, votes, advance, months, deferral, commitments, lead, Reason) { Recusals = recusals, Condition = Condition.Trim() }, []);
    }

    private static int Whole(string field, string typed, List<Problem> problems)
    {
        if (typed.Trim().Length == 0) return 0;
        if (int.TryParse(typed.Trim(), out var number) && number is >= 0 and <= 600) return number;
        problems.Add(new(field, $"« {typed} » n’est pas un nombre de mois. Écrivez un nombre entier."));
        return 0;
    }

    private static string Euros(Money amount) =>
        amount == Money.Zero ? "" : amount.ToString().Replace("€", "", StringComparison.Ordinal).Replace(",00", "", StringComparison.Ordinal).Trim('\u00A0');

    private static string Number(int months) => months == 0 ? "" : months.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
