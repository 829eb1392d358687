using System.Numerics;

namespace Yizhen.Rules.Dispatch;

/// <summary>A set of profiles by their numbers, one bit each: with thousands of profiles "who of these has a free seat" is asked by the hundred at each decision.</summary>
internal sealed class ProfileSet
{
    private const int Bits = 64;

    private ulong[] words = new ulong[1];

    /// <summary>Of those on duty who are in it.</summary>
    public int Seats { get; set; }

    public bool Has(int number) => number / Bits is var at && at < words.Length && (words[at] & Bit(number)) != 0;

    public void Put(int number, bool isIn)
    {
        var at = number / Bits;
        if (at >= words.Length)
        {
            Array.Resize(ref words, Math.Max(at + 1, 2 * words.Length));
        }

        words[at] = isIn ? words[at] | Bit(number) : words[at] & ~Bit(number);
    }

    public void Clear() => Array.Clear(words);

    public bool Meets(ProfileSet other) => Next(other, 0) >= 0;

    /// <summary>The first that is in both, from this number on; -1: none.</summary>
    public int Next(ProfileSet other, int from)
    {
        var (mine, others, at) = (words, other.words, from / Bits);
        var least = Math.Min(mine.Length, others.Length);
        var mask = ulong.MaxValue << (from % Bits);
        for (; at < least; at++, mask = ulong.MaxValue)
        {
            if ((mine[at] & others[at] & mask) is not 0 and var both)
            {
                return (at * Bits) + BitOperations.TrailingZeroCount(both);
            }
        }

        return -1;
    }

    private static ulong Bit(int number) => 1UL << (number % Bits);
}
