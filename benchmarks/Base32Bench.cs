using Yizhen.Rules.Consultations;

namespace Yizhen.Benchmarks;

internal static class Base32Bench
{
    public static IReadOnlyList<Figure> Run()
    {
        var id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        var text = Base32.Write(id);
        return
        [
            Figure.Of("base32 write", 1000, () => Base32.Write(id)),
            Figure.Of("base32 read", 1000, () => Base32.TryRead(text, out var read) ? read : throw new InvalidOperationException("Our own address was not read.")),
        ];
    }
}
