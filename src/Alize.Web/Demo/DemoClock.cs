namespace Alize.Web.Demo;

/// <summary>A clock that stands still until it is moved forward.</summary>
internal sealed class DemoClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    public void MoveTo(DateTimeOffset moment)
    {
        if (moment > now) now = moment;
    }
}
