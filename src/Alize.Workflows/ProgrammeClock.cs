using System.Globalization;

namespace Alize.Workflows;

/// <summary>The day and the hour where the programmes are: Europe/Paris. What is stored is UTC; legal days are local.</summary>
public sealed class ProgrammeClock(TimeProvider time)
{
    /// <summary>Hour of the day, local, at which deadlines and reminders of that day are acted on.</summary>
    public const int MorningHour = 8;

    private readonly TimeZoneInfo paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    public DateTime UtcNow => time.GetUtcNow().UtcDateTime;

    public DateOnly Today => DateOnly.FromDateTime(ToLocal(UtcNow));

    public DateTime ToLocal(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), paris);

    /// <summary>The instant of a local day and hour; an hour skipped by summer time moves forward.</summary>
    public DateTime ToUtc(DateTime local)
    {
        var unspecified = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (paris.IsInvalidTime(unspecified)) unspecified = unspecified.AddHours(1);
        return TimeZoneInfo.ConvertTimeToUtc(unspecified, paris);
    }

    /// <summary>The morning of a day: when its reminder goes out.</summary>
    public DateTimeOffset MorningOf(DateOnly day) => new(ToUtc(day.ToDateTime(new TimeOnly(MorningHour, 0))), TimeSpan.Zero);

    public string Stamp(DateTime utc) => ToLocal(utc).ToString("dd/MM/yyyy HH:mm", CultureInfo.InvariantCulture);
}
