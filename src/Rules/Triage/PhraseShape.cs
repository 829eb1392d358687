namespace Yizhen.Rules.Triage;

/// <summary>
/// What the phrases of a pattern like "(a|b)c~d" can look like, without spelling out each of them: a few hundred patterns stand for fifty
/// thousand phrases, and this is asked at every start.
/// </summary>
/// <param name="Empty">One of them is empty.</param>
/// <param name="OpensFar">One of them begins with the sign for "further on".</param>
/// <param name="EndsFar">One of them ends with it.</param>
/// <param name="Torn">One of them has two of those signs side by side, or brackets do not match.</param>
internal readonly record struct PhraseShape(bool Empty, bool OpensFar, bool EndsFar, bool Torn)
{
    private static readonly PhraseShape Nothing = new(true, false, false, false);
    private static readonly PhraseShape Plain = new(false, false, false, false);
    private static readonly PhraseShape Gap = new(false, true, true, false);
    private static readonly PhraseShape Unmatched = new(false, false, false, true);

    /// <summary>Each is made of parts that hold something.</summary>
    public bool IsWhole => !Empty && !OpensFar && !EndsFar && !Torn;

    public static PhraseShape Of(string pattern)
    {
        var at = 0;
        var shape = Sequence(pattern, ref at, inside: false);
        return at == pattern.Length ? shape : Unmatched;
    }

    private static PhraseShape Sequence(string pattern, ref int at, bool inside)
    {
        var (either, shape) = (Plain, Nothing);
        for (; at < pattern.Length && pattern[at] != Vocabulary.Close; at++)
        {
            if (pattern[at] == Vocabulary.Open)
            {
                at++;
                shape = shape.Then(Sequence(pattern, ref at, inside: true));
                if (at == pattern.Length)
                {
                    return Unmatched;
                }
            }
            else if (inside && pattern[at] == Vocabulary.Or)
            {
                (either, shape) = (either.Beside(shape), Nothing);
            }
            else
            {
                shape = shape.Then(pattern[at] == Vocabulary.Far ? Gap : Plain);
            }
        }

        return either.Beside(shape);
    }

    private PhraseShape Then(PhraseShape next) =>
        new(Empty && next.Empty, OpensFar || (Empty && next.OpensFar), next.EndsFar || (next.Empty && EndsFar), Torn || next.Torn || (EndsFar && next.OpensFar));

    private PhraseShape Beside(PhraseShape other) =>
        new(Empty || other.Empty, OpensFar || other.OpensFar, EndsFar || other.EndsFar, Torn || other.Torn);
}
