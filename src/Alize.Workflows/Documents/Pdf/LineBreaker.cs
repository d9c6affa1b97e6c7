namespace Alize.Workflows.Documents.Pdf;

/// <summary>What no line break may part: fragments of one or several styles.</summary>
/// <param name="Fragments">The glyphs.</param>
/// <param name="Space">Width of the space after it; 0 after a hyphen.</param>
/// <param name="SpaceStyle">Style of that space.</param>
/// <param name="EndsLine">Whether a line must end here.</param>
internal sealed record Word(IReadOnlyList<Fragment> Fragments, float Space, TextStyle SpaceStyle, bool EndsLine)
{
    public float Width { get; } = Fragments.Sum(f => f.Width);
}

/// <summary>A line of words.</summary>
/// <param name="Words">In order.</param>
/// <param name="IsLast">Last of its paragraph or before a hard break: never stretched.</param>
internal sealed record TextLine(IReadOnlyList<Word> Words, bool IsLast)
{
    /// <summary>Natural width, without the space after the last word.</summary>
    public float Width { get; } = Words.Sum(w => w.Width) + Words.SkipLast(1).Sum(w => w.Space);

    /// <summary>Whether stretching it to the width would more than double its spaces.</summary>
    public bool IsLoose(float width) => !IsLast && width - Width > 1.3f * Words.SkipLast(1).Sum(w => w.Space);
}

/// <summary>
/// Breaks a paragraph into lines where the whole of it looks best: the breaks with the least sum of squared looseness, not the
/// first that fit. No-break spaces hold what they join; a compound word may break after its hyphen.
/// </summary>
internal static class LineBreaker
{
    // A space may close up a little before a line counts as full; less than this and words touch.
    private const float Shrink = 0.82f;
    private const int LettersAroundHyphen = 3;

    public static IReadOnlyList<TextLine> Break(IReadOnlyList<Span> spans, float width, bool isJustified)
    {
        var words = Words(spans, width);
        var lines = new List<TextLine>();
        for (var start = 0; start < words.Count;)
        {
            var end = words.FindIndex(start, w => w.EndsLine);
            end = end < 0 ? words.Count : end + 1;
            lines.AddRange(Fit(words[start..end], width, isJustified));
            start = end;
        }

        return lines;
    }

    /// <summary>Width of the text on one line, and of its longest word.</summary>
    public static (float Whole, float Word) Measure(IReadOnlyList<Span> spans)
    {
        var words = Words(spans, float.MaxValue);
        if (words.Count == 0) return (0, 0);
        float line = 0, longest = 0;
        foreach (var word in words)
        {
            line += word.Width;
            longest = Math.Max(longest, line);
            line = word.EndsLine ? 0 : line + word.Space;
        }

        return (longest, words.Max(w => w.Width));
    }

    private static List<TextLine> Fit(List<Word> words, float width, bool isJustified)
    {
        // best[i]: least cost of setting the words before i; from[i]: where the line that ends there begins.
        var best = new double[words.Count + 1];
        var from = new int[words.Count + 1];
        Array.Fill(best, double.MaxValue);
        best[0] = 0;
        for (var end = 1; end <= words.Count; end++)
        {
            float text = 0, spaces = 0;
            for (var start = end - 1; start >= 0; start--)
            {
                text += words[start].Width;
                if (start < end - 1) spaces += words[start].Space;
                var least = text + (spaces * (isJustified ? Shrink : 1));
                if (least > width && start < end - 1) break;
                if (best[start] is double.MaxValue) continue;
                var cost = best[start] + Cost(width - text - spaces, width, end == words.Count, end - start);
                if (cost >= best[end]) continue;
                (best[end], from[end]) = (cost, start);
            }
        }

        var lines = new List<TextLine>();
        for (var end = words.Count; end > 0; end = from[end]) lines.Add(new(words[from[end]..end], end == words.Count));
        lines.Reverse();
        return lines;
    }

    private static double Cost(float left, float width, bool isLast, int words)
    {
        // A last line of one short word looks lost; otherwise its white costs nothing.
        if (isLast && left >= 0) return words == 1 && left > width * 0.85f ? 0.02 : 0;
        var looseness = left / width;
        return looseness * looseness * (left < 0 ? 25 : 1);
    }

    private static List<Word> Words(IReadOnlyList<Span> spans, float width)
    {
        var words = new List<Word>();
        var parts = new List<(string Text, TextStyle Style)>();
        void Close(TextStyle style, bool hasSpace, bool endsLine)
        {
            if (parts.Count == 0 && !endsLine) return;
            var fragments = parts.Select(p => DocumentFonts.Shape(p.Text, p.Style)).ToList();
            words.AddRange(Narrow(fragments, width, hasSpace ? DocumentFonts.SpaceOf(style) : 0, style, endsLine));
            parts.Clear();
        }

        foreach (var (text, style) in spans)
        {
            if (text == Span.Break)
            {
                Close(style, hasSpace: false, endsLine: true);
                continue;
            }

            var begin = 0;
            for (var i = 0; i <= text.Length; i++)
            {
                var isSpace = i < text.Length && text[i] is ' ' or '\n' or '\t';
                var isAfterHyphen = i < text.Length && !isSpace && BreaksBefore(text, i, begin);
                if (i < text.Length && !isSpace && !isAfterHyphen) continue;
                if (i > begin) parts.Add((text[begin..i], style));
                if (i == text.Length) break;
                Close(style, hasSpace: isSpace, endsLine: false);
                begin = isSpace ? i + 1 : i;
            }
        }

        if (spans.Count > 0) Close(spans[^1].Style, hasSpace: false, endsLine: false);
        return words;
    }

    private static bool BreaksBefore(string text, int i, int begin) =>
        i - begin > LettersAroundHyphen && text[i - 1] == '-' && i + LettersAroundHyphen <= text.Length
        && text[begin..(i - 1)].All(c => char.IsLetter(c) || c is '-' or '’') && text[i..(i + LettersAroundHyphen)].All(char.IsLetter);

    /// <summary>A word wider than the line, such as an address or a fingerprint, is cut where the line is full.</summary>
    private static IEnumerable<Word> Narrow(List<Fragment> fragments, float width, float space, TextStyle style, bool endsLine)
    {
        if (fragments.Sum(f => f.Width) <= width)
        {
            yield return new(fragments, space, style, endsLine);
            yield break;
        }

        var all = fragments.SelectMany(f => f.Glyphs.Select((g, i) => (Glyph: g, Advance: f.Advances[i], f.Style))).ToList();
        for (var start = 0; start < all.Count;)
        {
            float used = 0;
            var end = start;
            while (end < all.Count && (end == start || used + all[end].Advance <= width)) used += all[end++].Advance;
            var piece = all[start..end].GroupBy(g => g.Style).Select(g => new Fragment([.. g.Select(x => x.Glyph)], [.. g.Select(x => x.Advance)], g.Key)).ToList();
            var isEnd = end == all.Count;
            yield return new(piece, isEnd ? space : 0, style, isEnd && endsLine);
            start = end;
        }
    }
}
