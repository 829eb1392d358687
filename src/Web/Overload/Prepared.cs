using System.Text;

namespace Yizhen.Web.Overload;

/// <summary>A text in bytes, made once, with gaps <c>{name}</c> that are filled for each answer.</summary>
internal sealed class Prepared
{
    private readonly List<(byte[] Text, string? Gap)> parts = [];

    public Prepared(string text)
    {
        var from = 0;
        for (var open = text.IndexOf('{', StringComparison.Ordinal); open >= 0; open = text.IndexOf('{', open + 1))
        {
            var close = open + 1;
            while (close < text.Length && char.IsAsciiLetterLower(text[close]))
            {
                close++;
            }

            if (close > open + 1 && close < text.Length && text[close] == '}')
            {
                parts.Add((Encoding.UTF8.GetBytes(text[from..open]), text[(open + 1)..close]));
                from = close + 1;
            }
        }

        parts.Add((Encoding.UTF8.GetBytes(text[from..]), null));
    }

    /// <summary>Writes the whole answer, its length first.</summary>
    /// <param name="fill">What stands in a gap.</param>
    public Task WriteTo(HttpResponse response, Func<string, string> fill)
    {
        var filled = new byte[parts.Count][];
        var length = 0;
        for (var n = 0; n < filled.Length; n++)
        {
            filled[n] = parts[n].Gap is { } gap ? Encoding.UTF8.GetBytes(fill(gap)) : [];
            length += parts[n].Text.Length + filled[n].Length;
        }

        response.ContentLength = length;
        var span = response.BodyWriter.GetSpan(length);
        var at = 0;
        for (var n = 0; n < filled.Length; n++)
        {
            parts[n].Text.CopyTo(span[at..]);
            filled[n].CopyTo(span[(at += parts[n].Text.Length)..]);
            at += filled[n].Length;
        }

        response.BodyWriter.Advance(length);
        return response.BodyWriter.FlushAsync().AsTask();
    }
}
