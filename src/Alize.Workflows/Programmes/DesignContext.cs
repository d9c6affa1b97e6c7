namespace Alize.Workflows.Programmes;

/// <summary>Who designs, and what is designed already: read by the classes that fill the designer's drop-downs.</summary>
/// <param name="ProgrammeIds">Programmes whose names and people the designer may see.</param>
/// <param name="ValuesInUse">Literal values that the definitions give an input now: activity type and input name in the JSON.</param>
public sealed record DesignContext(IReadOnlyCollection<Guid> ProgrammeIds, Func<string, string, IReadOnlyCollection<string>> ValuesInUse)
{
    /// <summary>A designer who sees nothing.</summary>
    public static readonly DesignContext None = new([], (_, _) => []);
}
