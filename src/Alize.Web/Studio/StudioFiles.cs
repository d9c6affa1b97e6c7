using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace Alize.Web.Studio;

/// <summary>
/// Elsa Studio's files, as its npm package holds them: beside the program when published, else in the source tree's
/// <c>node_modules</c>, which <c>studio.path</c> names (92 MB are not copied into each output). Files of a published program are
/// compressed ones alone.
/// </summary>
public sealed partial class StudioFiles : IDisposable
{
    private const string Brotli = ".br";
    private const string Gzip = ".gz";

    private readonly FileExtensionContentTypeProvider types = new()
    {
        Mappings = { [".dat"] = "application/octet-stream", [".cur"] = "image/x-icon" },
    };

    private readonly PhysicalFileProvider? files;

    /// <param name="root">Where the program's own files are.</param>
    public StudioFiles(string root)
    {
        var published = Path.Combine(root, "studio");
        var named = Path.Combine(root, "studio.path");
        var folder = Directory.Exists(published) ? published : File.Exists(named) ? File.ReadAllText(named).Trim() : "";
        if (File.Exists(Path.Combine(folder, "package.json"))) files = new PhysicalFileProvider(folder);
    }

    public void Dispose() => files?.Dispose();

    /// <summary>Whether the Studio can be opened; without Node.js at build it was never fetched.</summary>
    public bool AreHere => files is not null;

    /// <summary>One file, compressed as the browser can take it.</summary>
    internal Results<FileStreamHttpResult, NotFound> Get(string path, HttpContext http)
    {
        // Compressed copies are chosen by the browser's header, not by an address.
        if (files is null || path.EndsWith(Brotli, StringComparison.Ordinal) || path.EndsWith(Gzip, StringComparison.Ordinal) || !types.TryGetContentType(path, out var type))
            return TypedResults.NotFound();

        var accepted = http.Request.GetTypedHeaders().AcceptEncoding;
        var (file, encoding) =
            Find(path + Brotli) is { } br && Takes(accepted, "br") ? (br, "br")
            : Find(path + Gzip) is { } gz && Takes(accepted, "gzip") ? (gz, "gzip")
            : (Find(path), null);
        var unpacked = file is null ? Find(path + Gzip) : null;
        if ((file ?? unpacked) is not { } found) return TypedResults.NotFound();

        var headers = http.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.CacheControl = Fingerprinted().IsMatch(path) ? "public, max-age=31536000, immutable" : "no-cache";
        if (encoding is not null) headers.ContentEncoding = encoding;
        var tag = new EntityTagHeaderValue($"\"{found.LastModified.UtcTicks:x}-{found.Length:x}-{encoding ?? "identity"}\"");
        return TypedResults.Stream(
            unpacked is null ? found.CreateReadStream() : new GZipStream(found.CreateReadStream(), CompressionMode.Decompress),
            type, lastModified: found.LastModified, entityTag: tag);
    }

    private static bool Takes(IList<StringWithQualityHeaderValue> accepted, string encoding) =>
        accepted.Any(a => a.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && a.Quality is not 0);

    private IFileInfo? Find(string path) => files!.GetFileInfo(path) is { Exists: true, IsDirectory: false } file ? file : null;

    /// <summary>Names that hold a hash of the content.</summary>
    [GeneratedRegex(@"^_framework/.+\.[a-z0-9]{10}\.(?:wasm|js|dat)$")]
    private static partial Regex Fingerprinted();
}
