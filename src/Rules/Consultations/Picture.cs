using System.Collections.Immutable;

namespace Yizhen.Rules.Consultations;

/// <summary>
/// A photo as it may be kept: the segments that the picture needs and, where the original was turned, one freshly written
/// orientation tag. No place, no device, no thumbnail, no comment, nothing behind the end.
/// </summary>
/// <param name="MediaType">image/jpeg, image/png or image/webp: by content, whatever the sender called it.</param>
/// <param name="Width">Pixels as stored, before the orientation tag turns them.</param>
/// <param name="Height">Pixels as stored, before the orientation tag turns them.</param>
public sealed record Picture(string MediaType, int Width, int Height, ImmutableArray<byte> Bytes)
{
    /// <summary>Largest photo taken in, in bytes (10 MB, 1 MB = 1,048,576 bytes).</summary>
    public const int LargestBytes = 10 * 1024 * 1024;

    /// <summary>Most pixels taken in, width times height by the header (40 megapixels, 1 megapixel = 1,000,000 pixels).</summary>
    public const long MostPixels = 40_000_000;

    /// <summary>
    /// The structural copy. Never decodes, never trusts a length, never throws.
    /// Refused: <see cref="Refusal.PhotoTooLarge"/>, <see cref="Refusal.PhotoTooManyPixels"/>, and
    /// <see cref="Refusal.PhotoNotRecognised"/> for everything that is not a whole JPEG, PNG or WebP picture.
    /// </summary>
    public static Decision<Picture> Copy(ReadOnlySpan<byte> photo) =>
        photo.Length > LargestBytes ? Refusal.PhotoTooLarge
        : PictureJpeg.Begins(photo) ? PictureJpeg.Copy(photo)
        : PicturePng.Begins(photo) ? PicturePng.Copy(photo)
        : PictureWebp.Begins(photo) ? PictureWebp.Copy(photo)
        : Refusal.PhotoNotRecognised;

    /// <summary>Null when a picture of this size may be kept.</summary>
    internal static Refusal? SizeRefused(int width, int height) =>
        width < 1 || height < 1 ? Refusal.PhotoNotRecognised
        : (long)width * height > MostPixels ? Refusal.PhotoTooManyPixels
        : null;
}
