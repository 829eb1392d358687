namespace Yizhen.Web.Tests.Support;

/// <summary>The working copy that these tests were built from.</summary>
public static class Checkout
{
    public static string Root { get; } = Find();

    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Yizhen.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Yizhen.slnx stands above {AppContext.BaseDirectory}: run the tests inside a working copy.");
    }
}
