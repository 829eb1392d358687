using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Web.Accounts;
using Yizhen.Web.Page;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Accounts;

/// <summary>Every endpoint says who may; every cell of the table stands in a file, so that no change of it goes unseen.</summary>
public sealed class PolicyTests
{
    private static string CellsFile => Checkout.At("tests", "Web.Tests", "Accounts", "cells.txt");

    [Fact]
    public async Task Every_endpoint_says_aloud_who_may_use_it()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        var endpoints = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count > 80, $"Only {endpoints.Count} endpoints were found.");
        Assert.All(endpoints, e => Assert.True(
            (e.Metadata.GetMetadata<Allowed>() is null) != (e.Metadata.GetMetadata<OpenToAll>() is null),
            $"{e.DisplayName} must carry .Allow(resource, act) or .Anonymous(why), and not both."));
        Assert.All(endpoints.Select(e => e.Metadata.GetMetadata<OpenToAll>()).OfType<OpenToAll>(), o => Assert.False(string.IsNullOrWhiteSpace(o.Why)));
    }

    [Fact]
    public void Every_cell_of_the_table_is_the_one_that_was_agreed()
    {
        var text = new StringBuilder();
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var resource in Enum.GetValues<Resource>())
            {
                var acts = Enum.GetValues<Act>().Select(act => (act, Reach: Policy.Of(role, resource, act))).Where(c => c.Reach != Reach.None).ToList();
                if (acts.Count > 0)
                {
                    text.Append(role).Append(' ').Append(resource).Append(": ").AppendJoin(", ", acts.Select(c => $"{c.act} {c.Reach}")).Append('\n');
                }
            }
        }

        var agreed = File.ReadAllText(CellsFile);
        if (agreed != text.ToString())
        {
            var proposed = Checkout.At("artifacts", "cells.txt");
            File.WriteAllText(proposed, text.ToString());
            Assert.Fail($"The table differs from {CellsFile}. If that is meant, copy {proposed} over it and say why in the commit.");
        }
    }

    [Theory]
    [InlineData("/staff/desk")]
    [InlineData("/staff/board")]
    [InlineData("/staff/people")]
    [InlineData("/staff/invitations")]
    [InlineData("/staff/authenticator")]
    [InlineData("/api/v1/desk")]
    [InlineData("/api/v1/me")]
    public async Task Nobody_gets_in_without_a_name(string address)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var nobody = site.NewPerson();
        using var answer = await nobody.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Contains((int)answer.StatusCode, new[] { StatusCodes.Status302Found, StatusCodes.Status401Unauthorized, StatusCodes.Status404NotFound, StatusCodes.Status405MethodNotAllowed });
    }
}
