namespace Yizhen.Rules.Tests.Campaigns;

/// <summary>The files that ship with the product, as they lie in the sources.</summary>
internal static class Shipped
{
    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Shipped).Assembly.GetManifestResourceStream($"Shipped.{name}")
            ?? throw new FileNotFoundException(name));
        return reader.ReadToEnd();
    }
}
