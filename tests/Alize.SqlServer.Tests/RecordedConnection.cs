using System.Collections;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Alize.SqlServer.Tests;

/// <summary>A statement as it would have gone to the server.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="Parameters">Name and type of its parameters.</param>
internal sealed record RecordedStatement(string Sql, IReadOnlyList<(string Name, string Type)> Parameters)
{
    /// <summary>The statement as a procedure, whose columns SQL Server's model looks up.</summary>
    public string AsProcedure(int number) =>
        $"CREATE PROCEDURE [dbo].[Statement{number}] {string.Join(", ", Parameters.Select(p => $"{p.Name} {p.Type}"))} AS BEGIN {Sql}{Environment.NewLine}END";
}

/// <summary>A connection to nowhere that writes down what it is asked: no row is ever found, each change concerns one row.</summary>
internal sealed class RecordedConnection : DbConnection
{
    private ConnectionState state = ConnectionState.Closed;

    public List<RecordedStatement> Statements { get; } = [];

    [AllowNull]
    public override string ConnectionString { get; set; } = "Server=nowhere";

    public override string Database => "nowhere";

    public override string DataSource => "nowhere";

    public override string ServerVersion => "16.00.0000";

    public override ConnectionState State => state;

    public override void ChangeDatabase(string databaseName)
    {
    }

    public override void Close() => state = ConnectionState.Closed;

    public override void Open() => state = ConnectionState.Open;

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => new RecordedTransaction(this, isolationLevel);

    protected override DbCommand CreateDbCommand() => new RecordedCommand(this);

    private sealed class RecordedTransaction(RecordedConnection connection, IsolationLevel level) : DbTransaction
    {
        public override IsolationLevel IsolationLevel => level;

        public override bool SupportsSavepoints => true;

        protected override DbConnection DbConnection => connection;

        public override void Commit()
        {
        }

        public override void Rollback()
        {
        }

        public override void Save(string savepointName)
        {
        }

        public override void Release(string savepointName)
        {
        }

        public override void Rollback(string savepointName)
        {
        }
    }

    private sealed class RecordedCommand(RecordedConnection connection) : DbCommand
    {
        private readonly RecordedParameters parameters = [];

        [AllowNull]
        public override string CommandText { get; set; } = "";

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; } = CommandType.Text;

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; } = connection;

        protected override DbParameterCollection DbParameterCollection => parameters;

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel()
        {
        }

        public override int ExecuteNonQuery()
        {
            Note();
            return 1;
        }

        public override object? ExecuteScalar()
        {
            Note();
            return null;
        }

        public override void Prepare()
        {
        }

        protected override DbParameter CreateDbParameter() => new RecordedParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
        {
            Note();
            using var nothing = new DataTable();

            // EF counts the columns before it looks for a row.
            for (var column = 0; column < 100; column++) nothing.Columns.Add();
            return nothing.CreateDataReader();
        }

        private void Note() => connection.Statements.Add(new(CommandText, [.. parameters.Select(p => (p.ParameterName, p.SqlType))]));
    }

    private sealed class RecordedParameter : DbParameter
    {
        public override DbType DbType { get; set; } = DbType.String;

        public override ParameterDirection Direction { get; set; } = ParameterDirection.Input;

        public override bool IsNullable { get; set; }

        [AllowNull]
        public override string ParameterName { get; set; } = "";

        public override int Size { get; set; }

        [AllowNull]
        public override string SourceColumn { get; set; } = "";

        public override bool SourceColumnNullMapping { get; set; }

        public override object? Value { get; set; }

        public string SqlType => DbType switch
        {
            DbType.Int32 => "int",
            DbType.Int64 => "bigint",
            DbType.Int16 => "smallint",
            DbType.Byte => "tinyint",
            DbType.Boolean => "bit",
            DbType.Guid => "uniqueidentifier",
            DbType.Date => "date",
            DbType.DateTime or DbType.DateTime2 => "datetime2",
            DbType.DateTimeOffset => "datetimeoffset",
            DbType.Binary => "varbinary(max)",
            _ => Size is > 0 and <= 4000 ? $"nvarchar({Size})" : "nvarchar(max)",
        };

        public override void ResetDbType() => DbType = DbType.String;
    }

    private sealed class RecordedParameters : DbParameterCollection, IEnumerable<RecordedParameter>
    {
        private readonly List<RecordedParameter> all = [];

        public override int Count => all.Count;

        public override object SyncRoot => all;

        public override int Add(object value)
        {
            all.Add((RecordedParameter)value);
            return all.Count - 1;
        }

        public override void AddRange(Array values) => all.AddRange(values.Cast<RecordedParameter>());

        public override void Clear() => all.Clear();

        public override bool Contains(object value) => all.Contains((RecordedParameter)value);

        public override bool Contains(string value) => IndexOf(value) >= 0;

        public override void CopyTo(Array array, int index) => ((ICollection)all).CopyTo(array, index);

        public override IEnumerator GetEnumerator() => all.GetEnumerator();

        IEnumerator<RecordedParameter> IEnumerable<RecordedParameter>.GetEnumerator() => all.GetEnumerator();

        public override int IndexOf(object value) => all.IndexOf((RecordedParameter)value);

        public override int IndexOf(string parameterName) => all.FindIndex(p => p.ParameterName == parameterName);

        public override void Insert(int index, object value) => all.Insert(index, (RecordedParameter)value);

        public override void Remove(object value) => all.Remove((RecordedParameter)value);

        public override void RemoveAt(int index) => all.RemoveAt(index);

        public override void RemoveAt(string parameterName) => all.RemoveAt(IndexOf(parameterName));

        protected override DbParameter GetParameter(int index) => all[index];

        protected override DbParameter GetParameter(string parameterName) => all[IndexOf(parameterName)];

        protected override void SetParameter(int index, DbParameter value) => all[index] = (RecordedParameter)value;

        protected override void SetParameter(string parameterName, DbParameter value) => all[IndexOf(parameterName)] = (RecordedParameter)value;
    }
}
