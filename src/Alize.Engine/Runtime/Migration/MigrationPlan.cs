namespace Alize.Engine.Runtime.Migration;

/// <summary>What moving one instance to another version of its definition would do. Nothing of it is done yet.</summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="FromVersion">Number of the version it runs.</param>
/// <param name="ToVersion">Number of the other version.</param>
/// <param name="Steps">Where it stands: every step that waits or has failed.</param>
/// <param name="PassedOver">Steps that only the other version has and that lie before the place where the instance stands: they will not run.</param>
/// <param name="Refusals">Why it cannot be moved; empty when it can.</param>
public sealed record MigrationPlan(
    string InstanceId, int FromVersion, int ToVersion, IReadOnlyList<MigrationStep> Steps, IReadOnlyList<string> PassedOver, IReadOnlyList<MigrationRefusal> Refusals)
{
    /// <summary>Whether the instance can be moved.</summary>
    public bool IsPossible => Refusals.Count == 0;
}

/// <summary>A step that waits or has failed, and where it would stand.</summary>
/// <param name="ActivityInstanceId">The execution.</param>
/// <param name="ActivityId">The activity's id.</param>
/// <param name="Title">What people call it.</param>
/// <param name="NodeId">Its place in the version that runs.</param>
/// <param name="ActivityType">Its type.</param>
/// <param name="IsFaulted">Whether it has failed; else it waits.</param>
/// <param name="TargetNodeId">Its place in the other version. Null: it has none there.</param>
/// <param name="TargetTitle">What people call it there. Null: as above.</param>
public sealed record MigrationStep(
    string ActivityInstanceId, string ActivityId, string Title, string NodeId, string ActivityType, bool IsFaulted, string? TargetNodeId, string? TargetTitle);

/// <summary>Why an instance cannot be moved.</summary>
/// <param name="Reason">Which of the reasons.</param>
/// <param name="Subject">The step, variable or id concerned, as people call it. Empty for the instance as a whole.</param>
public sealed record MigrationRefusal(MigrationReason Reason, string Subject)
{
    /// <summary>The sentence in French.</summary>
    public string French => Reason switch
    {
        MigrationReason.Ended => "Cette procédure est terminée : il n’y a plus rien à déplacer.",
        MigrationReason.SameVersion => "Cette procédure suit déjà cette version.",
        MigrationReason.OtherDefinition => $"Cette version est celle d’une autre définition (« {Subject} »).",
        MigrationReason.UnknownOverride => $"La nouvelle version n’a pas d’étape « {Subject} » : corrigez la correspondance indiquée.",
        MigrationReason.NoCounterpart => $"L’étape « {Subject} » est en cours et n’existe plus dans la nouvelle version : indiquez celle qui la remplace.",
        MigrationReason.Moved => $"L’étape « {Subject} » est en cours et se trouve dans un autre bloc de la nouvelle version : remettez-la dans le sien.",
        MigrationReason.KindChanged => $"L’étape « {Subject} » est en cours et a changé de nature dans la nouvelle version.",
        MigrationReason.BranchesChanged => $"Le bloc « {Subject} » est en cours et n’a plus les mêmes branches dans la nouvelle version.",
        MigrationReason.FinishedComesAgain => $"L’étape « {Subject} », déjà faite, viendrait à nouveau : elle est maintenant après une étape en cours.",
        MigrationReason.JoinedWhileWaiting => $"L’étape « {Subject} » est en cours ; une nouvelle flèche venant d’une étape à venir la ferait commencer une seconde fois.",
        MigrationReason.WouldNeverRun => $"L’étape « {Subject} » ne viendrait jamais : tout ce qui la précède dans la nouvelle version est déjà fait.",
        MigrationReason.VariableType => $"La variable « {Subject} » a changé de type, et sa valeur actuelle n’y entre pas.",
        _ => "L’état de cette procédure ne peut pas être lu avec la nouvelle version.",
    };

    /// <summary>The sentence in English.</summary>
    public string English => Reason switch
    {
        MigrationReason.Ended => "This workflow has ended: there is nothing left to move.",
        MigrationReason.SameVersion => "This workflow runs this version already.",
        MigrationReason.OtherDefinition => $"This version is one of another definition ('{Subject}').",
        MigrationReason.UnknownOverride => $"The new version has no step '{Subject}': correct the replacement given.",
        MigrationReason.NoCounterpart => $"Step '{Subject}' is under way and the new version does not have it: say which step replaces it.",
        MigrationReason.Moved => $"Step '{Subject}' is under way and stands in another block of the new version: put it back into its own.",
        MigrationReason.KindChanged => $"Step '{Subject}' is under way and is of another kind in the new version.",
        MigrationReason.BranchesChanged => $"Block '{Subject}' is under way and has other branches in the new version.",
        MigrationReason.FinishedComesAgain => $"Step '{Subject}' is done and would come again: it now follows a step under way.",
        MigrationReason.JoinedWhileWaiting => $"Step '{Subject}' is under way; a new arrow from a step to come would begin it a second time.",
        MigrationReason.WouldNeverRun => $"Step '{Subject}' would never come: all that precedes it in the new version is done.",
        MigrationReason.VariableType => $"Variable '{Subject}' has another type, and its value does not fit.",
        _ => "The state of this workflow cannot be read with the new version.",
    };
}

/// <summary>Reasons why an instance cannot be moved.</summary>
public enum MigrationReason
{
    /// <summary>It has ended.</summary>
    Ended,

    /// <summary>It runs that version.</summary>
    SameVersion,

    /// <summary>The version is one of another definition.</summary>
    OtherDefinition,

    /// <summary>A replacement names a step that the other version does not have.</summary>
    UnknownOverride,

    /// <summary>A step under way is not there any more.</summary>
    NoCounterpart,

    /// <summary>A step under way stands in another container.</summary>
    Moved,

    /// <summary>A step or container under way is of another type.</summary>
    KindChanged,

    /// <summary>A container that counts its branches has others.</summary>
    BranchesChanged,

    /// <summary>A step that is done now comes after one under way.</summary>
    FinishedComesAgain,

    /// <summary>A step under way would be scheduled again.</summary>
    JoinedWhileWaiting,

    /// <summary>A step to come has nothing before it that could still lead to it.</summary>
    WouldNeverRun,

    /// <summary>A variable's value does not fit its new type.</summary>
    VariableType,

    /// <summary>The state cannot be read.</summary>
    Unreadable,
}
