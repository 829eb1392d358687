using System.Text.Json;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Commands;

/// <summary>How far the opening of campaigns is, from the command line.</summary>
public sealed class CampaignCommandTests
{
    [Theory, OnBothDatabases]
    public async Task Campaign_is_told_with_what_it_lacks_and_one_that_is_not_there_is_said_so(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        string[] where = ["--state", database.Folder, .. database.Arguments];
        await using (await TestSite.StartAsync(database))
        {
        }

        var (code, said, _) = await Product.EndAsync(["campaign", "--json", .. where]);
        var one = Assert.Single(JsonSerializer.Deserialize<JsonElement>(said).EnumerateArray());
        Assert.Equal((0, "wuhan", "open", 4), (code, one.GetProperty("campaign").GetString(), one.GetProperty("state").GetString(), one.GetProperty("ladder").GetProperty("to").GetInt32()));
        (code, said, _) = await Product.EndAsync(["campaign", "wuhan", .. where]);
        Assert.Equal(1, code);
        Assert.Contains("missing: on_duty", said, StringComparison.Ordinal);
        Assert.Equal(2, (await Product.EndAsync(["campaign", "nobody", .. where])).Code);
        // A slip in the name is not "nobody came".
        (code, _, said) = await Product.EndAsync(["picture", "--campaign", "nobody", .. where]);
        Assert.Equal(2, code);
        Assert.Contains("There is no campaign nobody.", said, StringComparison.Ordinal);
        Assert.Equal(0, (await Product.EndAsync(["picture", "--campaign", "wuhan", .. where])).Code);
    }
}
