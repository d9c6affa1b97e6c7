using Alize.Domain.Programmes;

namespace Alize.Workflows.Mail;

/// <summary>The layout's own words, in one language.</summary>
internal sealed record MailFrameWords(
    string OpenPage, string CopyAddress, string Colon, string Quote, string OneAttached, string SeveralAttached, string Personal, string Automatic, string YouGetThis,
    string YouGetThisAs,
    IReadOnlyDictionary<ContactRole, string> Roles)
{
    private static readonly MailFrameWords French = new(
        "Ouvrir ma page personnelle",
        "Si le bouton ne s’ouvre pas, copiez cette adresse dans votre navigateur\u00A0:",
        "\u00A0: ",
        "> ",
        "Pièce jointe",
        "Pièces jointes",
        "Le lien de ce message vous est personnel\u00A0: merci de ne pas le transmettre. Il ouvre une page et n’engage rien tant que vous n’y avez pas répondu.",
        "Message envoyé automatiquement par une procédure du dispositif. Il en fait partie, c’est pourquoi il ne comporte pas de désinscription.",
        "Vous recevez ce message parce que vous êtes en relation avec {0}.",
        "Vous recevez ce message parce que vous {1} ({0}).",
        new Dictionary<ContactRole, string>
        {
            [ContactRole.Representative] = "représentez un partenaire du dispositif",
            [ContactRole.CommitteeMember] = "êtes membre du comité d’agrément",
            [ContactRole.CommitteeChair] = "présidez le comité d’agrément",
            [ContactRole.CompanyHead] = "dirigez une entreprise qui porte un projet",
            [ContactRole.OperatorStaff] = "travaillez pour l’opérateur local",
        });

    private static readonly MailFrameWords English = new(
        "Open my personal page",
        "If the button does not open, copy this address into your browser:",
        ": ",
        "> ",
        "Attached",
        "Attached",
        "The link in this message is personal: please do not forward it. It opens a page and commits you to nothing until you answer there.",
        "Message sent automatically by a procedure of the programme. It is part of that procedure, which is why there is no way to unsubscribe.",
        "You receive this message because you are in contact with {0}.",
        "You receive this message because you {1} ({0}).",
        new Dictionary<ContactRole, string>
        {
            [ContactRole.Representative] = "represent a partner of the programme",
            [ContactRole.CommitteeMember] = "are a member of the approval committee",
            [ContactRole.CommitteeChair] = "chair the approval committee",
            [ContactRole.CompanyHead] = "head a company with a project",
            [ContactRole.OperatorStaff] = "work for the local operator",
        });

    /// <summary>What goes with the mail, by its files' names; null for nothing.</summary>
    public string? Attached(MailFrame frame) => frame.Attachments is { Count: > 0 } files
        ? (files.Count == 1 ? OneAttached : SeveralAttached) + Colon + string.Join(", ", files)
        : null;

    public static MailFrameWords In(string language) => language == "en" ? English : French;

    /// <summary>Who writes, why this person gets it, and what the link is.</summary>
    public IEnumerable<string> Footer(MailFrame frame)
    {
        yield return frame.Programme;
        yield return frame.Role is { } role
            ? YouGetThisAs.Replace("{0}", frame.Programme, StringComparison.Ordinal).Replace("{1}", Roles[role], StringComparison.Ordinal)
            : YouGetThis.Replace("{0}", frame.Programme, StringComparison.Ordinal);
        if (frame.Link is not null) yield return Personal;
        yield return Automatic;
    }
}
