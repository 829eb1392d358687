using System.Buffers.Binary;
using System.Text;
using Yizhen.Rules.Consultations;

namespace Yizhen.Rules.Tests.Consultations;

/// <summary>The pictures beside this file were made for it; "CANARY-7Q9X" stands in every place where a phone or a sender may hide something.</summary>
public sealed class PictureTests
{
    public static TheoryData<string> Pictures => [.. PictureFiles.Names];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Copy_of_each_picture_holds_nothing_but_the_picture(string name)
    {
        var copy = Picture.Copy(PictureFiles.Read(name)).Value;

        var bytes = copy.Bytes.AsSpan();
        Assert.Equal("image/" + name[(name.IndexOf('.') + 1)..].Replace("jpg", "jpeg"), copy.MediaType);
        Assert.Equal(name == "animated.png" ? (24, 16) : (48, 32), (copy.Width, copy.Height));
        foreach (var trace in new[] { "CANARY", "http", "rdf", "GPS", "ICC", "Photoshop", "PK\u0003\u0004", "tEXt", "iTXt", "zTXt", "tIME", "acTL", "fcTL", "fdAT", "ANIM", "ANMF", "XMP" })
        {
            Assert.True(bytes.IndexOf(Encoding.Latin1.GetBytes(trace)) < 0, $"{trace} is still there.");
        }
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Copy_of_a_copy_is_the_same(string name)
    {
        var copy = Picture.Copy(PictureFiles.Read(name)).Value;

        var again = Picture.Copy(copy.Bytes.AsSpan()).Value;

        Assert.True(copy.Bytes.AsSpan().SequenceEqual(again.Bytes.AsSpan()));
    }

    [Theory]
    [InlineData("camera.jpg", 1)]
    [InlineData("progressive.jpg", 1)]
    [InlineData("text.png", 1)]
    [InlineData("lossy.webp", 1)]
    [InlineData("alpha.webp", 1)]
    [InlineData("lossless.webp", 1)]
    [InlineData("grey.jpg", 0)]
    [InlineData("palette.png", 0)]
    [InlineData("plain.webp", 0)]
    public void Copy_carries_the_orientation_alone(string name, int blocks)
    {
        var bytes = Picture.Copy(PictureFiles.Read(name)).Value.Bytes.AsSpan();

        byte[] turnedSix = [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        Assert.Equal(blocks, bytes.Count(turnedSix));
        Assert.Equal(blocks, bytes.Count("MM\0*"u8) + bytes.Count("II*\0"u8));
    }

    [Fact]
    public void Orientation_of_a_png_stands_before_the_picture()
    {
        var bytes = Picture.Copy(PictureFiles.Read("text.png")).Value.Bytes.AsSpan();

        Assert.InRange(bytes.IndexOf("eXIf"u8), 1, bytes.IndexOf("IDAT"u8));
    }

    [Fact]
    public void Copy_of_a_plain_picture_is_the_picture_byte_for_byte()
    {
        Assert.True(Picture.Copy(PictureFiles.Read("plain.webp")).Value.Bytes.AsSpan().SequenceEqual(PictureFiles.Read("plain.webp")));
        Assert.True(Picture.Copy(PictureFiles.Read("grey.jpg")).Value.Bytes.AsSpan().SequenceEqual(PictureFiles.Read("grey.jpg")));
    }

    [Fact]
    public void Orientation_outside_one_to_eight_is_left_out()
    {
        var photo = PictureFiles.Read("lossy.webp");
        var exif = photo.AsSpan().IndexOf("EXIF"u8);
        var tag = exif + photo.AsSpan(exif).IndexOf((ReadOnlySpan<byte>)[0x01, 0x12, 0, 3]);
        photo[tag + 9] = 9;

        Assert.Equal(0, Picture.Copy(photo).Value.Bytes.AsSpan().Count("EXIF"u8));
    }

    [Fact]
    public void Photo_over_ten_megabytes_is_too_large()
    {
        var photo = new byte[Picture.LargestBytes + 1];
        PictureFiles.Read("camera.jpg").CopyTo(photo, 0);

        Assert.Equal(Refusal.PhotoTooLarge, Why(photo));
        Assert.True(Picture.Copy(photo.AsSpan(0, Picture.LargestBytes)).Is(out _, out _));
    }

    [Theory]
    [InlineData("grey.jpg")]
    [InlineData("animated.png")]
    [InlineData("plain.webp")]
    public void Header_over_forty_megapixels_has_too_many_pixels(string name)
    {
        var photo = PictureFiles.Read(name);
        switch (name)
        {
            case "grey.jpg":
                photo.AsSpan(photo.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 5, 4).Fill(0xFF);
                break;
            case "animated.png":
                BinaryPrimitives.WriteUInt32BigEndian(photo.AsSpan(16), 40_000_001);
                BinaryPrimitives.WriteUInt32BigEndian(photo.AsSpan(20), 1);
                BinaryPrimitives.WriteUInt32BigEndian(photo.AsSpan(29), Crc(photo.AsSpan(12, 17)));
                break;
            default:
                BinaryPrimitives.WriteUInt32LittleEndian(photo.AsSpan(26), 0x3FFF3FFF);
                break;
        }

        Assert.Equal(Refusal.PhotoTooManyPixels, Why(photo));
    }

    [Fact]
    public void Anything_else_is_not_recognised()
    {
        byte[][] others =
        [
            [], [0xFF], [0xFF, 0xD8], [0xFF, 0xD8, 0xFF, 0xD9], "GIF89a\u0001\0\u0001\0"u8.ToArray(), "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(),
            "RIFF\0\0\0\0WEBP"u8.ToArray(), "RIFF\u00FF\u00FF\u00FF\u00FFWAVEfmt "u8.ToArray(), "%PDF-1.7"u8.ToArray(), "BM"u8.ToArray(),
            "\0\0\0\u0018ftypheic"u8.ToArray(), [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], "PK\u0003\u0004"u8.ToArray(),
        ];

        Assert.All(others, other => Assert.Equal(Refusal.PhotoNotRecognised, Why(other)));
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Photo_cut_anywhere_before_its_end_is_not_recognised(string name)
    {
        var whole = Picture.Copy(PictureFiles.Read(name)).Value.Bytes.ToArray();

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal(Refusal.PhotoNotRecognised, Why(whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Segment_of_text_named_as_a_table_is_not_recognised()
    {
        foreach (var marker in new byte[] { 0xDB, 0xC4, 0xDD, 0xC0, 0xDA })
        {
            var photo = PictureFiles.Read("restarts.jpg");
            photo[photo.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xFE]) + 1] = marker;

            Assert.Equal(Refusal.PhotoNotRecognised, Why(photo));
        }
    }

    [Fact]
    public void Png_with_a_wrong_checksum_is_not_recognised()
    {
        var photo = PictureFiles.Read("animated.png");
        photo[photo.AsSpan().IndexOf("IDAT"u8) + 6] ^= 1;

        Assert.Equal(Refusal.PhotoNotRecognised, Why(photo));
    }

    private static Refusal? Why(ReadOnlySpan<byte> photo) => Picture.Copy(photo).IsRefused(out var why) ? why : null;

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320u ^ (crc >> 1);
            }
        }

        return ~crc;
    }
}
