using System.Text;
using Alize.CSharp;

// What a script prints must not mix with the answers: they keep the only way to the real output.
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
Console.SetOut(TextWriter.Null);
Console.SetError(TextWriter.Null);
Console.SetIn(TextReader.Null);
await new Conversation(new Lines(input), output).RunAsync();
