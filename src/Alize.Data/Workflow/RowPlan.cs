using System.Collections.Concurrent;
using System.Data.Common;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;

namespace Alize.Data.Workflow;

/// <summary>
/// How a row of the engine is written and read by plain statements, taken from the mapping once: a column added to the mapping is
/// written and read here without a word.
/// </summary>
internal sealed class RowPlan
{
    private static readonly ConcurrentDictionary<(Type Context, Type Row), RowPlan> Plans = new();

    private readonly Lazy<Delegate> read;
    private readonly Lazy<Delegate> readSqlite;

    private RowPlan(AlizeDb db, Type row)
    {
        var entity = db.Model.FindEntityType(row) ?? throw new InvalidOperationException($"{row.Name} has no mapping in {db.GetType().Name}.");
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
        var quote = db.GetService<ISqlGenerationHelper>();
        Table = quote.DelimitIdentifier(table.Name, table.Schema);
        Columns = [.. entity.GetProperties().Select(p => new Column(p, quote.DelimitIdentifier(p.GetColumnName(table)!)))];
        Id = [.. Columns.Where(c => c.Property.Name == nameof(Id))];
        Names = string.Join(", ", Columns.Select(c => c.Name));
        InsertInto = $"INSERT INTO {Table} ({Names}) VALUES ";
        read = new(() => Reader(typeof(DbDataReader), entity.ClrType, Columns));
        readSqlite = new(() => Reader(typeof(SqliteRow), entity.ClrType, Columns));
    }

    public string Table { get; }

    /// <summary>What is written, in the statements' order.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The one column that a row is found by; none where its key has several.</summary>
    public IReadOnlyList<Column> Id { get; }

    /// <summary>The columns' names, for a statement.</summary>
    public string Names { get; }

    /// <summary>The statement up to its values.</summary>
    public string InsertInto { get; }

    public static RowPlan Of<TRow>(AlizeDb db) => Plans.GetOrAdd((db.GetType(), typeof(TRow)), _ => new(db, typeof(TRow)));

    public Column Find(string property) => Columns.Single(c => c.Property.Name == property);

    /// <summary>Reads the row that the reader stands at; the statement asked for <see cref="Names"/>.</summary>
    public TRow Read<TRow>(DbDataReader reader) => ((Func<DbDataReader, TRow>)read.Value)(reader);

    /// <inheritdoc cref="Read{TRow}(DbDataReader)"/>
    public TRow Read<TRow>(SqliteRow reader) => ((Func<SqliteRow, TRow>)readSqlite.Value)(reader);

    private static Delegate Reader(Type source, Type row, IReadOnlyList<Column> columns)
    {
        var reader = Expression.Parameter(source, "reader");
        var values = columns.Select((column, ordinal) => Expression.Bind(column.Property.PropertyInfo!, Value(reader, column, ordinal)));
        var body = Expression.MemberInit(Expression.New(row), values);
        return Expression.Lambda(typeof(Func<,>).MakeGenericType(source, row), body, reader).Compile();
    }

    private static Expression Value(ParameterExpression reader, Column column, int ordinal)
    {
        var index = Expression.Constant(ordinal);
        var method = column.Mapping.GetDataReaderMethod();
        var read = reader.Type == typeof(SqliteRow)
            ? Expression.Call(reader, method.Name, method.IsGenericMethod ? method.GetGenericArguments() : null, index)
            : Expression.Call(method.DeclaringType == typeof(DbDataReader) ? reader : Expression.Convert(reader, method.DeclaringType!), method, index);
        var value = column.Mapping.CustomizeDataReaderExpression(read);
        if (column.Mapping.Converter is { } converter)
        {
            var stored = converter.ConvertFromProviderExpression.Parameters[0];
            if (value.Type != stored.Type) value = Expression.Convert(value, stored.Type);
            value = ReplacingExpressionVisitor.Replace(stored, value, converter.ConvertFromProviderExpression.Body);
        }

        if (value.Type != column.Property.ClrType) value = Expression.Convert(value, column.Property.ClrType);
        return column.Property.IsNullable
            ? Expression.Condition(Expression.Call(reader, nameof(DbDataReader.IsDBNull), null, index), Expression.Default(column.Property.ClrType), value)
            : value;
    }
}

/// <summary>One column of a row.</summary>
internal sealed class Column
{
    private readonly Func<object, object?> read;
    private readonly Func<object?, object?>? convert;

    public Column(IProperty property, string name)
    {
        (Property, Name) = (property, name);
        Mapping = property.GetRelationalTypeMapping();
        convert = Mapping.Converter?.ConvertToProvider;
        IsFixed = property.PropertyInfo!.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ?? true;

        var row = Expression.Parameter(typeof(object), "row");
        read = Expression.Lambda<Func<object, object?>>(
            Expression.Convert(Expression.Property(Expression.Convert(row, property.DeclaringType.ClrType), property.PropertyInfo!), typeof(object)), row).Compile();
    }

    public IProperty Property { get; }

    /// <summary>Delimited.</summary>
    public string Name { get; }

    public RelationalTypeMapping Mapping { get; }

    /// <summary>Never changed once the row is made.</summary>
    public bool IsFixed { get; }

    /// <summary>The row's value.</summary>
    public object? ValueOf(object row) => read(row);

    /// <summary>A value as the database takes it.</summary>
    public object Stored(object? value) => value is null ? DBNull.Value : convert is null ? value : convert(value) ?? DBNull.Value;

    /// <summary>
    /// A parameter of the column's type. Made with its value: on SQL Server its size follows from it, and a longer value put in later
    /// would be cut.
    /// </summary>
    public DbParameter Parameter(DbCommand command, string name, object? value) => Mapping.CreateParameter(command, name, value, nullable: true);
}
