namespace Alize.Domain.Committee;

/// <summary>
/// Invitations and comptes rendus (R4, art. 5.2 and 7), for the comité d’agrément and for the comité local de pilotage et
/// d’évaluation alike: every member and ASTREES are invited to each meeting, and get its minutes.
/// </summary>
public static class SessionOpening
{
    /// <summary>What forbids the session to open: everyone who was not invited, at once.</summary>
    /// <param name="notInvitedMembers">Names of the members without an invitation.</param>
    /// <param name="astreesInvited">Whether the network head was invited.</param>
    public static IEnumerable<Refusal> Refusals(IReadOnlyCollection<string> notInvitedMembers, bool astreesInvited)
    {
        if (notInvitedMembers.Count > 0) yield return new("R4", "5.2, 7", "members-not-invited", Names(notInvitedMembers));
        if (!astreesInvited) yield return new("R4", "5.2, 7", "astrees-not-invited");
    }

    /// <summary>What forbids the session to be closed: everyone who did not get the minutes.</summary>
    /// <param name="membersWithoutMinutes">Names of the members they were not sent to, absent ones included.</param>
    /// <param name="astreesHasMinutes">Whether the network head got them.</param>
    public static IEnumerable<Refusal> ClosingRefusals(IReadOnlyCollection<string> membersWithoutMinutes, bool astreesHasMinutes)
    {
        if (membersWithoutMinutes.Count > 0) yield return new("R4", "5.2, 7", "minutes-not-sent", Names(membersWithoutMinutes));
        if (!astreesHasMinutes) yield return new("R4", "5.2, 7", "minutes-not-sent-to-astrees");
    }

    // Commas only: the same figure stands in the French and in the English sentence.
    private static string Names(IEnumerable<string> names) => string.Join(", ", names);
}
