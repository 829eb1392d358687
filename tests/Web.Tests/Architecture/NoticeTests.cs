using System.Text.Json;
using System.Xml.Linq;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Architecture;

/// <summary>NOTICE names each package that we take and each that comes with it: restoring proves no licence.</summary>
public sealed class NoticeTests
{
    [Fact]
    public void Package_that_we_ask_for_is_named_in_notice()
    {
        var asked = XDocument.Load(Checkout.At("Directory.Packages.props")).Descendants("PackageVersion").Select(p => p.Attribute("Include")!.Value);
        Law.Holds(asked.Except(Named()).Select(name => $"NOTICE does not name {name}: look up its licence and add it."));
    }

    [Fact]
    public void Package_that_comes_with_another_is_named_in_notice()
    {
        var restored = Directory.GetFiles(Checkout.At("artifacts", "obj"), "project.assets.json", SearchOption.AllDirectories).SelectMany(Libraries).ToList();
        Assert.NotEmpty(restored);
        Law.Holds(restored.Except(Named()).Select(name => $"NOTICE does not name {name}, which comes with another package: look up its licence and add it."));
    }

    private static IEnumerable<string> Libraries(string assets)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(assets));
        return [.. json.RootElement.GetProperty("libraries").EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Select(library => library.Name.Split('/')[0])];
    }

    /// <summary>A package stands first on its line, two spaces in.</summary>
    private static HashSet<string> Named() =>
        [.. File.ReadLines(Checkout.At("NOTICE")).Where(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0])];
}
