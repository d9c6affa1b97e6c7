using Alize.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Alize.Data.Tests.Mappings;

/// <summary>What no database may refuse or do behind our back, read from the model itself: SQL Server has no engine here.</summary>
public sealed class ModelTests
{
    public static TheoryData<DatabaseProvider> Providers => [.. Enum.GetValues<DatabaseProvider>()];

    [Theory, MemberData(nameof(Providers))]
    public void The_migrations_say_all_that_the_model_says(DatabaseProvider provider)
    {
        using var db = Context(provider);

        Assert.False(db.Database.HasPendingModelChanges(), $"Add a migration to {db.GetType().Name}; DesignTimeDatabases.cs shows how.");
    }

    [Theory, MemberData(nameof(Providers))]
    public void Every_version_is_a_concurrency_token(DatabaseProvider provider)
    {
        using var db = Context(provider);
        var versions = Entities(db)
            .Where(e => e.ClrType.Assembly == typeof(Money).Assembly || e.ClrType.Assembly == typeof(AlizeDb).Assembly)
            .Select(e => e.FindProperty("Version"))
            .OfType<IProperty>()
            .ToList();

        Assert.Equal(12, versions.Count);
        Assert.All(versions, version => Assert.True(version.IsConcurrencyToken, version.DeclaringType.DisplayName()));
    }

    [Theory, MemberData(nameof(Providers))]
    public void No_column_has_a_type_that_SQLite_cannot_sort(DatabaseProvider provider)
    {
        using var db = Context(provider);
        Type[] unsortable = [typeof(decimal), typeof(DateTimeOffset), typeof(TimeSpan)];

        var columns = Entities(db).SelectMany(e => e.GetProperties())
            .Where(p => unsortable.Contains(Nullable.GetUnderlyingType(p.ClrType) ?? p.ClrType))
            .Select(p => $"{p.DeclaringType.ShortName()}.{p.Name}");

        // The framework's own; nothing sorts by it.
        Assert.Equal(["AlizeUser.LockoutEnd"], columns);
    }

    [Theory, MemberData(nameof(Providers))]
    public void Amounts_are_whole_numbers_and_enums_are_names(DatabaseProvider provider)
    {
        using var db = Context(provider);
        foreach (var property in Entities(db).SelectMany(e => e.GetProperties()))
        {
            var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            var stored = property.GetTypeMapping().Converter?.ProviderClrType;
            if (type == typeof(Money)) Assert.Equal(typeof(long), stored);
            if (type.IsEnum)
            {
                Assert.Equal(typeof(string), stored);
                Assert.InRange(property.GetMaxLength() ?? int.MaxValue, Enum.GetNames(type).Max(n => n.Length), 100);
            }
        }
    }

    [Fact]
    public void Deleting_cascades_within_an_aggregate_only()
    {
        using var db = Context(DatabaseProvider.SqlServer);
        var cascades = Entities(db).SelectMany(e => e.GetForeignKeys())
            .Where(k => k.DeleteBehavior == DeleteBehavior.Cascade && k.PrincipalToDependent is null)
            .Select(k => $"{k.PrincipalEntityType.ShortName()} → {k.DeclaringEntityType.ShortName()}")
            .Where(c => !c.Contains("Identity", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(["AlizeUser → ProgrammeMember"], cascades);
    }

    [Fact]
    public void SQL_Server_finds_one_cascade_path_at_most_between_two_tables()
    {
        using var db = Context(DatabaseProvider.SqlServer);
        foreach (var root in Entities(db))
        {
            var reached = new List<IEntityType>();
            Follow(root, reached);
            Assert.True(reached.Count == reached.Distinct().Count() && !reached.Contains(root),
                $"Deleting a {root.ShortName()} reaches a table twice: {string.Join(", ", reached.Select(e => e.ShortName()))}");
        }

        // SQL Server counts "set null" as a path too.
        static void Follow(IEntityType from, List<IEntityType> reached)
        {
            foreach (var key in from.GetReferencingForeignKeys().Where(k => k.DeleteBehavior is DeleteBehavior.Cascade or DeleteBehavior.SetNull))
            {
                Assert.True(reached.Count < 100, $"A cascade from {from.ShortName()} goes round in circles.");
                reached.Add(key.DeclaringEntityType);
                Follow(key.DeclaringEntityType, reached);
            }
        }
    }

    [Fact]
    public void SQL_Server_accepts_the_length_of_every_key_and_index()
    {
        using var db = Context(DatabaseProvider.SqlServer);
        foreach (var entity in Entities(db))
        {
            foreach (var key in entity.GetKeys()) Fits(entity, key.Properties, key.IsPrimaryKey() ? 900 : 1700);
            foreach (var index in entity.GetIndexes()) Fits(entity, index.Properties, 1700);
        }

        static void Fits(IEntityType entity, IReadOnlyList<IProperty> properties, int most)
        {
            var name = $"{entity.ShortName()} ({string.Join(", ", properties.Select(p => p.Name))})";
            Assert.True(properties.Sum(p => Bytes(name, p)) <= most, $"{name} may be longer than {most} bytes.");
        }

        static int Bytes(string name, IProperty property)
        {
            var type = property.GetTypeMapping().Converter?.ProviderClrType ?? Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            if (type != typeof(string)) return 16;
            var length = property.GetRelationalTypeMapping().Size;
            Assert.True(length is > 0, $"{name}: {property.Name} needs a length.");
            return 2 * length.GetValueOrDefault();
        }
    }

    [Fact]
    public void No_name_is_too_long_for_PostgreSQL()
    {
        using var db = Context(DatabaseProvider.PostgreSql);
        var names = Entities(db).SelectMany(e => e.GetIndexes().Select(i => i.GetDatabaseName())
            .Concat(e.GetForeignKeys().Select(k => k.GetConstraintName())));

        Assert.All(names, name => Assert.InRange(name?.Length ?? 0, 1, 63));
    }

    private static AlizeDb Context(DatabaseProvider provider) => provider switch
    {
        DatabaseProvider.Sqlite => new SqliteDesignTime().CreateDbContext([]),
        DatabaseProvider.PostgreSql => new PostgreSqlDesignTime().CreateDbContext([]),
        _ => new SqlServerDesignTime().CreateDbContext([]),
    };

    private static IEnumerable<IEntityType> Entities(AlizeDb db) => db.Model.GetEntityTypes();
}
