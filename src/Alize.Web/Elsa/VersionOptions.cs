using System.Globalization;
using Alize.Engine.Storage;

namespace Alize.Web.Elsa;

/// <summary>
/// Which versions of definitions are meant, in Elsa's words: <c>Latest</c>, <c>Published</c>, <c>LatestOrPublished</c>,
/// <c>LatestAndPublished</c>, <c>Draft</c>, <c>AllVersions</c>, or a number. Empty, as the Studio sends it, is every version.
/// </summary>
internal readonly record struct VersionOptions(VersionOptions.Kind Which, int Number = 0)
{
    public enum Kind
    {
        AllVersions,
        Latest,
        Published,
        LatestOrPublished,
        LatestAndPublished,
        Draft,
        Number,
    }

    public static readonly VersionOptions Latest = new(Kind.Latest);

    public static readonly VersionOptions Published = new(Kind.Published);

    /// <exception cref="BadHttpRequestException">No such choice.</exception>
    public static VersionOptions Of(string? text, VersionOptions absent = default)
    {
        if (text is null) return absent;
        if (text.Length == 0) return default;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return new(Kind.Number, number);
        return Enum.TryParse<Kind>(text, ignoreCase: true, out var kind) && kind != Kind.Number
            ? new(kind)
            : throw new BadHttpRequestException($"« {text} » n’est pas un choix de versions : Latest, Published, LatestOrPublished, LatestAndPublished, Draft, AllVersions ou un numéro.");
    }

    public IQueryable<StoredDefinition> In(IQueryable<StoredDefinition> definitions)
    {
        var number = Number;
        return Which switch
        {
            Kind.Latest => definitions.Where(d => d.IsLatest),
            Kind.Published => definitions.Where(d => d.IsPublished),
            Kind.LatestOrPublished => definitions.Where(d => d.IsLatest || d.IsPublished),
            Kind.LatestAndPublished => definitions.Where(d => d.IsLatest && d.IsPublished),
            Kind.Draft => definitions.Where(d => d.IsLatest && !d.IsPublished),
            Kind.Number => definitions.Where(d => d.Version == number),
            _ => definitions,
        };
    }
}
