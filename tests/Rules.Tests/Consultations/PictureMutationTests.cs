using Yizhen.Rules.Consultations;

namespace Yizhen.Rules.Tests.Consultations;

public sealed class PictureMutationTests
{
    [Fact]
    public void Five_thousand_mutations_never_throw_and_never_let_the_canary_through()
    {
        var pictures = PictureFiles.Names.Select(PictureFiles.Read).ToArray();
        var chance = new Random(20200126);
        for (var i = 0; i < 5000; i++)
        {
            var mutated = Mutate(pictures[i % pictures.Length], chance);
            if (Picture.Copy(mutated).Is(out var copy, out _))
            {
                Assert.True(copy.Bytes.AsSpan().IndexOf("CANARY"u8) < 0, $"Mutation {i} lets the canary through.");
            }
        }
    }

    private static byte[] Mutate(byte[] photo, Random chance)
    {
        var bytes = photo.ToList();
        for (var times = chance.Next(1, 5); times > 0 && bytes.Count > 0; times--)
        {
            var at = chance.Next(bytes.Count);
            switch (chance.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << chance.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)chance.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(chance.Next(1, 20), bytes.Count - at));
                    break;
                default:
                    var noise = new byte[chance.Next(1, 20)];
                    chance.NextBytes(noise);
                    bytes.InsertRange(at, noise);
                    break;
            }
        }

        return [.. bytes];
    }
}
