namespace Alize.Domain.Aid;

/// <summary>What one enterprise holds in another.</summary>
/// <param name="Holder">The enterprise that holds; a natural person or a public body makes no link.</param>
/// <param name="Held">The enterprise held.</param>
/// <param name="VotesBasisPoints">Its share of the votes, in 1/100 of a percent.</param>
/// <param name="AppointsBoardMajority">It may appoint or remove a majority of the board.</param>
/// <param name="HasDominantInfluence">It dominates by a contract, by the articles or by an agreement among shareholders.</param>
public sealed record EnterpriseLink(
    Guid Holder, Guid Held, int VotesBasisPoints, bool AppointsBoardMajority = false, bool HasDominantInfluence = false)
{
    /// <summary>Whether the link makes the two one undertaking: exactly half of the votes does not.</summary>
    public bool IsControl => VotesBasisPoints > 5_000 || AppointsBoardMajority || HasDominantInfluence;
}

/// <summary>
/// Entreprise unique (R7c, art. 6.2; Regulation (EU) 2023/2831, art. 2(2)): all enterprises linked by control, in either
/// direction and through others. Their aids de minimis are counted together.
/// </summary>
public static class SingleUndertaking
{
    /// <summary>The enterprise itself and all those it forms one undertaking with.</summary>
    public static IReadOnlySet<Guid> Of(Guid enterprise, IEnumerable<EnterpriseLink> links)
    {
        var control = links.Where(link => link.IsControl).ToList();
        var found = new HashSet<Guid> { enterprise };
        var toVisit = new Queue<Guid>(found);
        while (toVisit.TryDequeue(out var current))
        {
            var neighbours = control.Where(link => link.Holder == current).Select(link => link.Held)
                .Concat(control.Where(link => link.Held == current).Select(link => link.Holder));
            foreach (var neighbour in neighbours.Where(found.Add)) toVisit.Enqueue(neighbour);
        }

        return found;
    }
}
