using System.Linq.Expressions;
using Alize.Domain;
using Alize.Domain.Programmes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Alize.Data.Mappings;

/// <summary>Lengths of texts that are keys or stand in an index; what is only read has none.</summary>
internal static class Lengths
{
    /// <summary>Longest key: SQL Server's clustered index takes 900 bytes, two for each character.</summary>
    public const int Key = 450;

    /// <summary>SHA-256 in hex.</summary>
    public const int Hash = 64;

    /// <summary>Slugs, kinds, names of events, values of enums.</summary>
    public const int Name = 100;

    /// <summary>Names of states that stand in an index beside longer columns.</summary>
    public const int State = 20;
}

/// <summary>Amounts as cents, which every database sorts and adds.</summary>
internal sealed class MoneyAsCents() : ValueConverter<Money, long>(money => money.Cents, cents => new Money(cents));

/// <summary>
/// Instants in UTC: PostgreSQL refuses any other kind, SQLite gives back an unspecified one. A local time would be off by hours
/// without a word, so it is refused.
/// </summary>
internal sealed class InstantAsUtc() : ValueConverter<DateTime, DateTime>(
    instant => ToUtc(instant), stored => DateTime.SpecifyKind(stored, DateTimeKind.Utc))
{
    private static DateTime ToUtc(DateTime instant) => instant.Kind switch
    {
        DateTimeKind.Utc => instant,
        DateTimeKind.Unspecified => DateTime.SpecifyKind(instant, DateTimeKind.Utc),
        _ => throw new ArgumentException($"'{instant:O}' is a local time; instants are stored in UTC, take them from TimeProvider.GetUtcNow()."),
    };
}

internal static class MappingConventions
{
    extension<TRow>(EntityTypeBuilder<TRow> row) where TRow : class
    {
        /// <summary>
        /// Parts of an aggregate: loaded and deleted with their root, read through the root's own list. A part's id is given by the
        /// domain or by the database, as the part's mapping says.
        /// </summary>
        public void HasParts<TPart>(
            Expression<Func<TRow, IEnumerable<TPart>?>> parts, Expression<Func<TPart, object?>> rootId) where TPart : class
        {
            row.HasMany(parts).WithOne().HasForeignKey(rootId).IsRequired().OnDelete(DeleteBehavior.Cascade);
            row.Navigation(parts).AutoInclude().UsePropertyAccessMode(PropertyAccessMode.Field);
        }

        /// <summary>A row of one programme.</summary>
        public void BelongsToProgramme() =>
            row.HasOne<Programme>().WithMany().HasForeignKey("ProgrammeId").OnDelete(DeleteBehavior.NoAction);

        /// <summary>
        /// An id chosen by who makes the row. Said aloud, because a new part found in a loaded aggregate would otherwise be taken
        /// for an old one that changed: its id is set.
        /// </summary>
        public void HasGivenId(string name = "Id") => row.Property(name).ValueGeneratedNever();
    }

    extension<TOther, TRow>(ReferenceCollectionBuilder<TOther, TRow> reference) where TOther : class where TRow : class
    {
        /// <summary>A reference to another aggregate: it must exist, and cannot be deleted while it is referred to.</summary>
        public void ByKey(Expression<Func<TRow, object?>> key) => reference.HasForeignKey(key).OnDelete(DeleteBehavior.NoAction);
    }
}
