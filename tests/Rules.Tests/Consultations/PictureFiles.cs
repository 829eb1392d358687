namespace Yizhen.Rules.Tests.Consultations;

/// <summary>The pictures beside this file, made for these tests.</summary>
internal static class PictureFiles
{
    public static readonly string[] Names =
    [
        "camera.jpg", "progressive.jpg", "restarts.jpg", "cmyk.jpg", "grey.jpg",
        "text.png", "palette.png", "animated.png",
        "lossy.webp", "alpha.webp", "lossless.webp", "animated.webp", "plain.webp",
    ];

    public static byte[] Read(string name)
    {
        using var stream = typeof(PictureFiles).Assembly.GetManifestResourceStream($"Yizhen.Rules.Tests.Consultations.Pictures.{name}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
