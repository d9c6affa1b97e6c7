using System.Globalization;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Alize.Workflows.Mail;

/// <summary>Writes each mail as a file of the development mailbox; nothing leaves the machine.</summary>
public sealed class FolderTransport(IOptions<MailOptions> options) : IMailTransport
{
    internal const string Extension = ".eml";

    public async Task HandOverAsync(MimeMessage message, CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory(options.Value.Directory).FullName;

        // The name sorts by time, so that the newest are found without opening any file.
        var at = message.Date.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        var name = $"{at}-{Guid.CreateVersion7():N}";
        var unfinished = Path.Combine(folder, name + ".tmp");
        await message.WriteToAsync(unfinished, cancel);
        File.Move(unfinished, Path.Combine(folder, name + Extension));
    }

    public Task CloseAsync(CancellationToken cancel) => Task.CompletedTask;
}
