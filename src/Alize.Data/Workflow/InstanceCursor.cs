using System.Globalization;
using System.Text;
using Alize.Engine.Storage;

namespace Alize.Data.Workflow;

/// <summary>The place after a row in a list sorted by creation and the id: the list goes on from there, whatever was added before it.</summary>
internal sealed record InstanceCursor(bool Descending, DateTime At, string Id)
{
    /// <summary>The cursor after a row, as text that a program hands back unchanged.</summary>
    public static string Of(InstanceSummary row, bool descending)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Start(descending)}{row.CreatedAt.Ticks}.{row.Id}");
        return System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
    }

    /// <exception cref="FormatException">It is not a cursor of a list sorted like this.</exception>
    public static InstanceCursor Parse(string cursor, bool descending)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(System.Buffers.Text.Base64Url.DecodeFromChars(cursor));
            var dot = text.IndexOf('.', StringComparison.Ordinal);
            if (text.StartsWith(Start(descending)) && dot > 1 && dot < text.Length - 1)
            {
                var ticks = long.Parse(text.AsSpan(1, dot - 1), NumberStyles.None, CultureInfo.InvariantCulture);
                if (ticks <= DateTime.MaxValue.Ticks) return new(descending, new(ticks, DateTimeKind.Utc), text[(dot + 1)..]);
            }
        }
        catch (Exception failure) when (failure is FormatException or OverflowException or ArgumentException)
        {
            // Said below, with what to do.
        }

        throw new FormatException($"'{cursor}' is not a cursor of a list sorted by creation, {(descending ? "newest" : "oldest")} first: "
            + "hand back the one of the page before unchanged, or none for the first page.");
    }

    /// <summary>The rows beyond. The moment is compared by itself first, because that is what an index can be entered by.</summary>
    public IQueryable<WorkflowInstance> Beyond(IQueryable<WorkflowInstance> rows)
    {
        var (at, id) = (At, Id);
        return Descending
            ? rows.Where(i => i.CreatedAt <= at && (i.CreatedAt < at || string.Compare(i.Id, id) < 0))
            : rows.Where(i => i.CreatedAt >= at && (i.CreatedAt > at || string.Compare(i.Id, id) > 0));
    }

    private static char Start(bool descending) => descending ? 'd' : 'a';
}
