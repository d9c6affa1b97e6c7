using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alize.Engine.Expressions;
using Alize.Engine.Storage;

namespace Alize.Engine.Runtime;

/// <summary>Makes the messages that the runtime understands.</summary>
public static class Stimuli
{
    /// <summary>Kind of the bookmarks that <c>Elsa.Event</c> waits with.</summary>
    public const string EventName = "Elsa.Event";

    /// <summary>Kind of the bookmarks that only a deadline wakes.</summary>
    public const string TimerName = "Elsa.Timer";

    /// <summary>Name in the input under which an event's payload travels.</summary>
    public const string PayloadKey = "Payload";

    /// <summary>How long an event waits for somebody to wait for it.</summary>
    public static readonly TimeSpan DefaultLife = TimeSpan.FromHours(1);

    private static readonly JsonSerializerOptions PayloadJson = new(JsonSerializerDefaults.Web);

    /// <summary>Starts an instance. The same instance id starts once, however often it is sent.</summary>
    /// <param name="definitionId">What to start: its published version.</param>
    /// <param name="instanceId">Id of the instance.</param>
    /// <param name="correlationId">What it is about.</param>
    /// <param name="tenantId">Whose instance it is.</param>
    /// <param name="name">Name for people.</param>
    /// <param name="input">Its input.</param>
    /// <param name="now">The moment.</param>
    /// <param name="activityId">The activity it begins at. Null: the drawn start.</param>
    /// <param name="ends">From when it is not tried again after a failure. Null: always.</param>
    public static Stimulus Start(
        string definitionId, string instanceId, string? correlationId, string? tenantId, string? name,
        IReadOnlyDictionary<string, object?>? input, DateTimeOffset now, string? activityId = null, DateTimeOffset? ends = null) => new()
        {
            Id = $"start:{instanceId}",
            Kind = StimulusKind.Start,
            DefinitionId = definitionId,
            ActivityId = activityId,
            InstanceId = instanceId,
            CorrelationId = correlationId,
            TenantId = tenantId,
            InstanceName = name,
            Input = InputJson(input),
            CreatedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            ExpiresAt = ends?.UtcDateTime,
        };

    /// <summary>Publishes an event to all that wait for it, or to one correlation; it starts the definitions it triggers.</summary>
    /// <param name="eventName">Its name.</param>
    /// <param name="correlationId">Only instances of that correlation. Null: all.</param>
    /// <param name="payload">What it brings. Null for nothing.</param>
    /// <param name="now">The moment.</param>
    /// <param name="life">How long it is kept while nobody waits for it. Null: <see cref="DefaultLife"/>.</param>
    /// <param name="id">A deterministic id, for a sender that may repeat itself. Null: a new one.</param>
    /// <param name="instanceId">Only this instance. Null: all.</param>
    /// <param name="tenantId">Only instances of this tenant and of none; what it starts is the tenant's. Null: all.</param>
    public static Stimulus Event(
        string eventName, string? correlationId, object? payload, DateTimeOffset now, TimeSpan? life = null, string? id = null, string? instanceId = null, string? tenantId = null) =>
        For(EventName, eventName, correlationId, payload is null ? null : new Dictionary<string, object?> { [PayloadKey] = payload }, now, life, id, instanceId, tenantId);

    /// <summary>Wakes the bookmarks made with that name and stimulus.</summary>
    /// <param name="name">Kind of bookmark, by default the waiting activity's type.</param>
    /// <param name="payload">The stimulus it was made with, or an object of the same JSON.</param>
    /// <param name="correlationId">Only instances of that correlation. Null: all.</param>
    /// <param name="input">What the activity reads as its workflow input. Null for nothing.</param>
    /// <param name="now">The moment.</param>
    /// <param name="life">How long it is kept while nobody waits for it. Null: <see cref="DefaultLife"/>.</param>
    /// <param name="id">A deterministic id, for a sender that may repeat itself. Null: a new one.</param>
    /// <param name="instanceId">Only this instance. Null: all.</param>
    /// <param name="tenantId">Only instances of this tenant and of none; what it starts is the tenant's. Null: all.</param>
    public static Stimulus For(
        string name, object payload, string? correlationId, IReadOnlyDictionary<string, object?>? input, DateTimeOffset now,
        TimeSpan? life = null, string? id = null, string? instanceId = null, string? tenantId = null) => new()
        {
            Id = id ?? Guid.CreateVersion7(now).ToString("N"),
            InstanceId = instanceId,
            TenantId = tenantId,
            Kind = StimulusKind.Deliver,
            Name = name,
            Hash = Hash(name, payload),
            CorrelationId = correlationId,
            Input = InputJson(input),
            CreatedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            ExpiresAt = (now + (life ?? DefaultLife)).UtcDateTime,
        };

    /// <summary>Cancels an instance and the instances it waits for.</summary>
    public static Stimulus Cancel(string instanceId, DateTimeOffset now) => new()
    {
        Id = $"cancel:{instanceId}",
        Kind = StimulusKind.Cancel,
        InstanceId = instanceId,
        CreatedAt = now.UtcDateTime,
        NotBefore = now.UtcDateTime,
        ExpiresAt = (now + DefaultLife).UtcDateTime,
    };

    /// <summary>Hash of a kind of bookmark and a stimulus: hex SHA-256 over the name and the canonical JSON (sorted names, no spaces).</summary>
    public static string Hash(string name, object payload)
    {
        ArgumentNullException.ThrowIfNull(name);
        var buffer = new ArrayBufferWriter<byte>();
        Encoding.UTF8.GetBytes(name, buffer);
        buffer.Write("\n"u8);
        if (payload is string text)
        {
            Encoding.UTF8.GetBytes(text, buffer);
        }
        else
        {
            using var writer = new Utf8JsonWriter(buffer);
            Write(writer, PayloadNode(payload));
        }

        return Convert.ToHexString(SHA256.HashData(buffer.WrittenSpan));
    }

    internal static JsonNode? PayloadNode(object? payload) => payload switch
    {
        null => null,
        JsonNode node => node,
        _ => JsonSerializer.SerializeToNode(payload, PayloadJson),
    };

    internal static string? InputJson(IReadOnlyDictionary<string, object?>? input)
    {
        if (input is null || input.Count == 0)
            return null;

        var json = new JsonObject();
        foreach (var (name, value) in input)
            json[name] = ValueConversion.ToJson(value);
        return json.ToJsonString();
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                writer.WriteStartObject();
                foreach (var (name, value) in json.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray array:
                writer.WriteStartArray();
                foreach (var item in array)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
