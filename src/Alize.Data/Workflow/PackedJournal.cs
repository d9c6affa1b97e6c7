using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Alize.Engine.Storage;

namespace Alize.Data.Workflow;

/// <summary>
/// The content of a <see cref="JournalPack"/>: a first byte that says how the rest is written, then JSON by position, compressed where
/// there is much of it. Lines and executions of one activity share its names; ids that begin with the instance's are numbers, as are the
/// words that every journal uses; moments are ticks since the burst's end, which stands first; what is null at the end of a row is left
/// out. Formats already written are read for ever: a new one gets a new first byte.
/// </summary>
internal static class PackedJournal
{
    private const byte PlainJson = 1;
    private const byte BrotliJson = 2;

    // Below this a compressor takes longer to set up than the burst takes to run.
    private const int WorthCompressing = 1024;

    // By their place; new ones are added at the end.
    private static readonly string[] Words = ["Started", "Completed", "Suspended", "Resumed", "Running", "Canceled", "Faulted", "Pending"];

    // Quality 1 is a tenth of a millisecond at most for a burst; higher ones win a few per cent and cost tens of them.
    private const int Quality = 1;
    private const int Window = 18;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The row of a burst; null when it has nothing to say.</summary>
    public static JournalPack? Pack(Burst burst)
    {
        if (burst.Journal.Count + burst.Executions.Count == 0) return null;
        return new()
        {
            InstanceId = burst.Instance.Id,
            LastSequence = burst.Journal.Count == 0 ? 0 : burst.Journal[^1].Sequence,
            Revision = burst.Instance.Revision,
            At = burst.Instance.UpdatedAt,
            Content = Compress(Write(burst)),
        };
    }

    public static IEnumerable<JournalRecord> Lines(JournalPack pack)
    {
        using var content = Parse(pack);
        var (end, activities) = (content.RootElement[0].GetInt64(), content.RootElement[1]);
        foreach (var line in content.RootElement[2].EnumerateArray())
        {
            var activity = activities[line[1].GetInt32()];
            var sequence = line[0].GetInt64();
            yield return new()
            {
                Id = $"{pack.InstanceId}:{sequence}",
                InstanceId = pack.InstanceId,
                Sequence = sequence,
                ActivityInstanceId = Id(pack, activity[0]) ?? "",
                ParentActivityInstanceId = Id(pack, activity[1]),
                ActivityId = activity[2].GetString() ?? "",
                NodeId = activity[3].GetString() ?? "",
                ActivityType = activity[4].GetString() ?? "",
                ActivityName = Text(activity, 5),
                EventName = Word(line[2]),
                At = Moment(end, line[3]),
                Message = Text(line, 4),
                Payload = Text(line, 5),
            };
        }
    }

    public static IEnumerable<ActivityExecutionRecord> Executions(JournalPack pack)
    {
        using var content = Parse(pack);
        var (end, activities) = (content.RootElement[0].GetInt64(), content.RootElement[1]);
        foreach (var execution in content.RootElement[3].EnumerateArray())
        {
            var activity = activities[execution[0].GetInt32()];
            yield return new()
            {
                Id = Id(pack, activity[0]) ?? "",
                InstanceId = pack.InstanceId,
                ActivityId = activity[2].GetString() ?? "",
                NodeId = activity[3].GetString() ?? "",
                ActivityType = activity[4].GetString() ?? "",
                ActivityName = Text(activity, 5),
                ActivityTypeVersion = execution[1].GetInt32(),
                Status = Word(execution[2]),
                HasBookmarks = execution[3].GetBoolean(),
                ScheduledBy = Id(pack, execution[4]),
                StartedAt = Moment(end, execution[5]),
                CompletedAt = execution.GetArrayLength() <= 6 || execution[6].ValueKind == JsonValueKind.Null ? null : Moment(end, execution[6]),
                Inputs = Text(execution, 7),
                Outputs = Text(execution, 8),
                Outcomes = Text(execution, 9),
                Exception = Text(execution, 10),
            };
        }
    }

    private static ArrayBufferWriter<byte> Write(Burst burst)
    {
        var activities = new List<Named>();
        var places = new Dictionary<string, int>();
        var lines = burst.Journal.Select(l => Place(new(l.ActivityInstanceId, l.ParentActivityInstanceId, l.ActivityId, l.NodeId, l.ActivityType, l.ActivityName))).ToArray();
        var executions = burst.Executions.Select(e => Place(new(e.Id, null, e.ActivityId, e.NodeId, e.ActivityType, e.ActivityName))).ToArray();

        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, Writing);
        var instanceId = burst.Instance.Id;
        var end = burst.Instance.UpdatedAt;
        writer.WriteStartArray();
        writer.WriteNumberValue(end.Ticks);
        writer.WriteStartArray();
        foreach (var activity in activities)
        {
            writer.WriteStartArray();
            WriteId(writer, instanceId, activity.InstanceId);
            WriteId(writer, instanceId, activity.ParentId);
            writer.WriteStringValue(activity.Id);
            writer.WriteStringValue(activity.NodeId);
            writer.WriteStringValue(activity.Type);
            WriteLast(writer, activity.Name);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = burst.Journal[i];
            writer.WriteStartArray();
            writer.WriteNumberValue(line.Sequence);
            writer.WriteNumberValue(lines[i]);
            WriteWord(writer, line.EventName);
            writer.WriteNumberValue(line.At.Ticks - end.Ticks);
            WriteLast(writer, line.Message, line.Payload);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray();
        for (var i = 0; i < executions.Length; i++)
        {
            var execution = burst.Executions[i];
            writer.WriteStartArray();
            writer.WriteNumberValue(executions[i]);
            writer.WriteNumberValue(execution.ActivityTypeVersion);
            WriteWord(writer, execution.Status);
            writer.WriteBooleanValue(execution.HasBookmarks);
            WriteId(writer, instanceId, execution.ScheduledBy);
            writer.WriteNumberValue(execution.StartedAt.Ticks - end.Ticks);
            if (execution.CompletedAt is { } completed) writer.WriteNumberValue(completed.Ticks - end.Ticks);
            else if ((execution.Inputs ?? execution.Outputs ?? execution.Outcomes ?? execution.Exception) is not null) writer.WriteNullValue();
            WriteLast(writer, execution.Inputs, execution.Outputs, execution.Outcomes, execution.Exception);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndArray();
        writer.Flush();
        return buffer;

        int Place(Named activity)
        {
            // An execution does not say who owns it; its line does.
            if (places.TryGetValue(activity.InstanceId, out var place) && activity with { ParentId = activities[place].ParentId } == activities[place]
                && (activity.ParentId ?? activities[place].ParentId) == activities[place].ParentId)
                return place;
            activities.Add(activity);
            return places[activity.InstanceId] = activities.Count - 1;
        }
    }

    private static byte[] Compress(ArrayBufferWriter<byte> json)
    {
        var plain = json.WrittenSpan;
        if (plain.Length >= WorthCompressing)
        {
            var room = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(plain.Length));
            try
            {
                if (BrotliEncoder.TryCompress(plain, room, out var length, Quality, Window) && length < plain.Length)
                    return [BrotliJson, .. room.AsSpan(0, length)];
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(room);
            }
        }

        return [PlainJson, .. plain];
    }

    private static JsonDocument Parse(JournalPack pack)
    {
        switch (pack.Content)
        {
            case [PlainJson, ..]:
                return JsonDocument.Parse(pack.Content.AsMemory(1));
            case [BrotliJson, ..]:
                using (var brotli = new BrotliStream(new MemoryStream(pack.Content, 1, pack.Content.Length - 1), CompressionMode.Decompress))
                    return JsonDocument.Parse(brotli);
            default:
                throw new InvalidOperationException(
                    $"The journal of '{pack.InstanceId}' at revision {pack.Revision} is written in a way that this version does not know ({(pack.Content.Length == 0 ? "empty" : pack.Content[0].ToString(CultureInfo.InvariantCulture))}). Was it written by a later version?");
        }
    }

    /// <summary>The texts at the end of a row, up to the last that is one.</summary>
    private static void WriteLast(Utf8JsonWriter writer, params ReadOnlySpan<string?> texts)
    {
        while (texts is [.., null]) texts = texts[..^1];
        foreach (var text in texts) writer.WriteStringValue(text);
    }

    private static string? Text(JsonElement row, int place) => place < row.GetArrayLength() ? row[place].GetString() : null;

    private static void WriteWord(Utf8JsonWriter writer, string word)
    {
        if (Array.IndexOf(Words, word) is >= 0 and var place) writer.WriteNumberValue(place);
        else writer.WriteStringValue(word);
    }

    private static string Word(JsonElement word) => word.ValueKind == JsonValueKind.Number ? Words[word.GetInt32()] : word.GetString() ?? "";

    private static void WriteId(Utf8JsonWriter writer, string instanceId, string? id)
    {
        if (id is not null && id.Length > instanceId.Length + 1 && id[instanceId.Length] == ':' && id.StartsWith(instanceId, StringComparison.Ordinal)
            && int.TryParse(id.AsSpan(instanceId.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && id[instanceId.Length + 1] != '0')
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(id);
    }

    private static string? Id(JournalPack pack, JsonElement id) =>
        id.ValueKind == JsonValueKind.Number ? $"{pack.InstanceId}:{id.GetInt32()}" : id.GetString();

    private static DateTime Moment(long end, JsonElement ticks) => new(end + ticks.GetInt64(), DateTimeKind.Utc);

    private readonly record struct Named(string InstanceId, string? ParentId, string Id, string NodeId, string Type, string? Name);
}
