using Alize.Domain;

namespace Alize.Workflows.Tests.Mail;

/// <summary>A mail of the tests, with a value of each kind.</summary>
public sealed record NoticeMail(string Company, DateOnly DueOn, Money Amount, object? Remark = null);

/// <summary>A mail whose link opens a task; in French only.</summary>
public sealed record TaskMail;

/// <summary>Its templates ask for what they cannot have.</summary>
public sealed record BrokenMail;
