using System.ComponentModel.DataAnnotations;

namespace Alize.Workflows;

/// <summary>Settings of the service as a whole.</summary>
public sealed class AlizeOptions
{
    public const string Section = "Alize";

    /// <summary>Address under which people reach the service; links in mails start with it. Default <c>http://localhost:5080</c>.</summary>
    [Required, Url(ErrorMessage = "Alize:PublicUrl n’est pas une adresse ; écrivez par exemple https://alize.example.org.")]
    public string PublicUrl { get; set; } = "http://localhost:5080";

    /// <summary>Whether an empty database is filled with the made-up territory of the demonstration. Default: no.</summary>
    public bool SeedDemo { get; set; }
}
