using System.Collections.Concurrent;

namespace Alize.CSharp;

/// <summary>Lines from the service. When it is gone this process ends, even in the midst of a script that never would.</summary>
internal sealed class Lines
{
    private readonly BlockingCollection<string> waiting = [];

    public Lines(TextReader input)
    {
        var reading = new Thread(() =>
        {
            while (input.ReadLine() is { } line) waiting.Add(line);
            Environment.Exit(0);
        })
        { IsBackground = true };
        reading.Start();
    }

    public string Next() => waiting.Take();
}
