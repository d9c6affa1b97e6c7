using System.Diagnostics;

namespace Alize.Workflows.Tests.Documents;

/// <summary>Debian's poppler-utils: a reader of PDF files that is not ours.</summary>
internal static class Poppler
{
    /// <summary>What a tool prints about a file.</summary>
    public static async Task<string> AskAsync(string tool, byte[] pdf, params string[] options)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, pdf, TestContext.Current.CancellationToken);
            using var process = Process.Start(new ProcessStartInfo(tool, [.. options, file, .. tool == "pdftotext" ? ["-"] : (string[])[]])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }) ?? throw new InvalidOperationException($"'{tool}' did not start.");
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var printed = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return printed + await errors;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The text of a file, every kind of space made a plain one.</summary>
    public static async Task<string> TextAsync(byte[] pdf) =>
        string.Join(' ', (await AskAsync("pdftotext", pdf)).Split([' ', '\n', '\f', '\u00A0', '\u202F'], StringSplitOptions.RemoveEmptyEntries));
}
