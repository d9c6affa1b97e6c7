namespace Alize.Workflows.Signatures;

/// <summary>The one-time code that opens a convention to its signatory: the second mail, asked for from the page of the first.</summary>
public sealed record SigningCodeMail(string Title, int Minutes);
