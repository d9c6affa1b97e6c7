using Alize.Domain.Programmes;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace Alize.Workflows.Mail;

/// <summary>
/// A meeting as calendar programs understand it (iTIP, RFC 5546, sent by mail as RFC 6047 says). The same <paramref name="Uid"/> for
/// its whole life: a higher <paramref name="Sequence"/> replaces the entry, a cancellation removes it.
/// </summary>
/// <param name="Uid">Identity of the meeting: a bare UUID (RFC 7986, 5.3), so that a move of the service to another host keeps it.</param>
/// <param name="Sequence">Raised at each change.</param>
/// <param name="StartsAt">Start, UTC.</param>
/// <param name="EndsAt">End, UTC.</param>
/// <param name="Summary">Title of the entry.</param>
/// <param name="Place">Where. The address of a video meeting stands beside it.</param>
/// <param name="VideoLink">Address of the video meeting. Empty for none.</param>
/// <param name="Description">Plain text shown in the entry.</param>
/// <param name="IsCalledOff">Whether it no longer takes place.</param>
public sealed record CalendarInvitation(
    Guid Uid, int Sequence, DateTime StartsAt, DateTime EndsAt, string Summary, string Place, string VideoLink, string Description, bool IsCalledOff)
{
    /// <summary>The entry for one person, iCalendar text.</summary>
    /// <param name="to">Who is invited.</param>
    /// <param name="organiser">Name of the organiser: the programme.</param>
    /// <param name="organiserAddress">Address the answers go to.</param>
    /// <param name="now">Moment it is written, UTC.</param>
    public string For(Contact to, string organiser, string organiserAddress, DateTime now)
    {
        var meeting = new CalendarEvent
        {
            Uid = Uid.ToString("D"),
            Sequence = Sequence,
            DtStamp = new CalDateTime(now, "UTC"),
            DtStart = new CalDateTime(StartsAt, "UTC"),
            DtEnd = new CalDateTime(EndsAt, "UTC"),
            Summary = Summary,
            Location = VideoLink.Length > 0 ? $"{Place} – {VideoLink}" : Place,
            Description = Description,
            Status = IsCalledOff ? EventStatus.Cancelled : EventStatus.Confirmed,
            Organizer = new Organizer($"mailto:{organiserAddress}") { CommonName = MarkdownText.OneLine(organiser) },
            Attendees =
            [
                new Attendee($"mailto:{to.Email}")
                {
                    CommonName = MarkdownText.OneLine(to.FullName),   // a line of its own would be a property of its own
                    Role = ParticipationRole.RequiredParticipant,
                    ParticipationStatus = EventParticipationStatus.NeedsAction,
                    Rsvp = !IsCalledOff,
                },
            ],
        };
        var calendar = new Calendar { Method = IsCalledOff ? CalendarMethods.Cancel : CalendarMethods.Request, ProductId = "-//ALIZE//Seances//FR" };
        calendar.Events.Add(meeting);
        return new CalendarSerializer().SerializeToString(calendar)
            ?? throw new InvalidOperationException($"The calendar entry of meeting '{Uid}' could not be written.");
    }

    /// <summary>The method an entry bears: REQUEST, CANCEL, REPLY…; what the MIME part that holds it must say too.</summary>
    /// <exception cref="ArgumentException">The text is no calendar entry with a method.</exception>
    public static string MethodOf(string calendar) => Calendar.Load(calendar)?.Method is { Length: > 0 } method
        ? method
        : throw new ArgumentException("The text is no iCalendar object with a METHOD; write it with CalendarInvitation.For.", nameof(calendar));
}
