using Alize.Data.Outbox;
using Alize.Data.People;
using Alize.Data.Tasks;
using Alize.Domain.Committee;
using Alize.Domain.Eligibility;
using Alize.Domain.Programmes;
using Alize.Domain.Signatures;
using Alize.Engine.Storage;

namespace Alize.Web.Look;

/// <summary>How a status looks; each tone has a colour, a sign and words, so that none of them is needed alone.</summary>
public enum Tone
{
    /// <summary>Under way: nothing to worry about.</summary>
    Running,

    /// <summary>Somebody is awaited.</summary>
    Waiting,

    /// <summary>Done, agreed, paid.</summary>
    Good,

    /// <summary>Late, refused, failed.</summary>
    Alert,

    /// <summary>Over or put aside.</summary>
    Off,
}

/// <summary>The French words and the tone of every status people see: one table for all pages.</summary>
public static class StatusText
{
    /// <exception cref="ArgumentException">A status without words: add its line here.</exception>
    public static (Tone Tone, string Words) Of(object status) => status switch
    {
        ProjectStage.Detected => (Tone.Waiting, "Détecté"),
        ProjectStage.Eligibility => (Tone.Running, "Éligibilité"),
        ProjectStage.Instruction => (Tone.Running, "Instruction"),
        ProjectStage.Committee => (Tone.Waiting, "En comité"),
        ProjectStage.Signature => (Tone.Waiting, "Signature"),
        ProjectStage.Support => (Tone.Running, "Mise en œuvre"),
        ProjectStage.Repayment => (Tone.Running, "Remboursement"),
        ProjectStage.Evaluation => (Tone.Running, "Évaluation"),
        ProjectStage.Closed => (Tone.Good, "Clos"),
        ProjectStage.NotEligible => (Tone.Off, "Non éligible"),
        ProjectStage.OrientedElsewhere => (Tone.Off, "Orienté ailleurs"),
        ProjectStage.Rejected => (Tone.Alert, "Rejeté"),
        ProjectStage.Abandoned => (Tone.Off, "Abandonné"),

        SessionState.Planned => (Tone.Waiting, "Prévue"),
        SessionState.Invited => (Tone.Running, "Convoquée"),
        SessionState.Open => (Tone.Running, "Ouverte"),
        SessionState.Closed => (Tone.Good, "Close"),
        SessionState.MinutesSent => (Tone.Good, "Compte rendu envoyé"),
        SessionState.Cancelled => (Tone.Off, "Annulée"),

        Presence.Absent => (Tone.Off, "Absent"),
        Presence.Room => (Tone.Good, "Dans la salle"),
        Presence.Video => (Tone.Good, "En visioconférence"),
        Presence.Left => (Tone.Off, "Parti avant le vote"),

        DecisionOutcome.Approved => (Tone.Good, "Agréé"),
        DecisionOutcome.Deferred => (Tone.Waiting, "Ajourné"),
        DecisionOutcome.Rejected => (Tone.Alert, "Rejeté"),

        InvitationReply.None => (Tone.Off, "Sans réponse"),
        InvitationReply.Accepted => (Tone.Good, "Sera là"),
        InvitationReply.Tentative => (Tone.Waiting, "Peut-être"),
        InvitationReply.Declined => (Tone.Alert, "Absent(e)"),

        VoteChoice.Yes => (Tone.Good, "Pour"),
        VoteChoice.No => (Tone.Alert, "Contre"),
        VoteChoice.Abstained => (Tone.Off, "Abstention"),

        ConventionState.AwaitingSignatures => (Tone.Waiting, "À signer"),
        ConventionState.Signed => (Tone.Good, "Signée"),
        ConventionState.Refused => (Tone.Alert, "Signature refusée"),

        PartnerTaskState.Open => (Tone.Waiting, "En attente"),
        PartnerTaskState.Answered => (Tone.Good, "Répondue"),
        PartnerTaskState.Expired => (Tone.Alert, "Sans réponse"),
        PartnerTaskState.Cancelled => (Tone.Off, "Annulée"),

        MailState.Waiting => (Tone.Waiting, "À envoyer"),
        MailState.Sent => (Tone.Good, "Envoyé"),
        MailState.Withdrawn => (Tone.Off, "Retiré"),
        MailState.Failed => (Tone.Alert, "Échec de l’envoi"),

        WorkflowSubStatus.Pending => (Tone.Running, "Prête"),
        WorkflowSubStatus.Executing => (Tone.Running, "En cours"),
        WorkflowSubStatus.Suspended => (Tone.Waiting, "En attente"),
        WorkflowSubStatus.Finished => (Tone.Good, "Terminée"),
        WorkflowSubStatus.Cancelled => (Tone.Off, "Annulée"),
        WorkflowSubStatus.Faulted => (Tone.Alert, "En échec"),
        WorkflowSubStatus.Interrupted => (Tone.Alert, "Interrompue"),

        DutyState.NotYet => (Tone.Off, "À venir"),
        DutyState.Due => (Tone.Waiting, "À faire"),
        DutyState.Overdue => (Tone.Alert, "En retard"),
        DutyState.Done => (Tone.Good, "Fait"),

        TermPhase.Running => (Tone.Running, "En cours"),
        TermPhase.RenewalStudy => (Tone.Waiting, "Renouvellement à l’étude"),
        TermPhase.ManagedToItsEnd => (Tone.Off, "Terminée, aides en cours gérées"),
        TermPhase.Continued => (Tone.Good, "Renouvelée"),

        _ => throw new ArgumentException($"Status '{status.GetType().Name}.{status}' has no words yet; add its line to {nameof(StatusText)}.", nameof(status)),
    };

    public static string Of(MemberRole role) => role switch
    {
        MemberRole.Operator => "Opérateur local",
        MemberRole.Designer => "Concepteur des procédures",
        MemberRole.Controller => "Contrôleur (lecture seule)",
        _ => "Tête de réseau (lecture seule)",
    };

    public static string Of(PartnerKind kind) => kind switch
    {
        PartnerKind.Company => "Entreprise partenaire",
        PartnerKind.LocalAuthority => "Collectivité territoriale",
        PartnerKind.LocalBody => "Organisme local",
        PartnerKind.State => "État",
        PartnerKind.Cdc => "Caisse des dépôts",
        PartnerKind.Astrees => "ASTREES",
        PartnerKind.LocalOperator => "Opérateur local",
        _ => "Structure relais",
    };
}
