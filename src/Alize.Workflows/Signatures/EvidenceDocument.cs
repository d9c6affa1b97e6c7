namespace Alize.Workflows.Signatures;

/// <summary>The dossier de preuve: the pages of evidence at the end of a sealed convention. Its words are no matter of taste: nobody edits this template.</summary>
internal sealed record EvidenceDocument(
    string Title, string Number, string Sha256, int Length, string Head, string Level, string SealedBy, string SealThumbprint, string VerifyAt,
    IReadOnlyList<ProvenSignature> Signatures, IReadOnlyList<ProvenFact> Facts);

/// <summary>One person's signature.</summary>
internal sealed record ProvenSignature(string Name, string Address, string Capacities, string Initials, string SignedAt, string From, string How);

/// <summary>One line of the chain.</summary>
internal sealed record ProvenFact(int Number, string At, string What, string Person, string Hash);
