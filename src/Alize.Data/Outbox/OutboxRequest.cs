namespace Alize.Data.Outbox;

/// <summary>
/// A request to somebody else's server, written in the transaction of the step that asks for it and sent after the commit. Deleted in the
/// transaction of the message that brings the step its answer: an answer is neither lost nor brought twice.
/// </summary>
public sealed class OutboxRequest
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Key of the step: a step that runs twice asks once. The other server gets it as <c>Idempotency-Key</c>. Unique.</summary>
    public required string Key { get; init; }

    /// <summary>Hash of the bookmark at which the step waits; when it is gone, nobody wants the answer.</summary>
    public required string WaitsAt { get; init; }

    /// <summary>The waiting instance.</summary>
    public required string InstanceId { get; init; }

    /// <summary>HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>Absolute address.</summary>
    public required string Url { get; init; }

    /// <summary>Headers as a JSON object of texts. Null for none.</summary>
    public string? Headers { get; init; }

    /// <summary>Value of the Authorization header. Null for none. Gone with the row as soon as the answer is there.</summary>
    public string? Authorization { get; init; }

    /// <summary>Body. Null for none.</summary>
    public string? Content { get; init; }

    /// <summary>Type of the body.</summary>
    public string? ContentType { get; init; }

    /// <summary>When the step asked, UTC.</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Not sent before, UTC; a sender moves it forward to claim the row.</summary>
    public required DateTime NotBefore { get; set; }

    /// <summary>Claims so far: more than one means that a sender was stopped between sending and recording.</summary>
    public int Attempts { get; set; }
}
