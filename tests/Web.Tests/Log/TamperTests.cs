using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Log;

/// <summary>Whoever can write to the database cannot change the past without being seen.</summary>
public sealed class TamperTests
{
    [Theory]
    [InlineData("update fact set reason = 'x' where version = 2")]
    [InlineData("update fact set actor = 'x' where version = 1")]
    [InlineData("update fact set bucket = 'served' where version = (select max(version) from fact)")]
    [InlineData("delete from fact where version = 2")]
    [InlineData("delete from fact where version = (select max(version) from fact)")]
    [InlineData("update fact set payload = (select payload from fact where version = 1) where version = 3")]
    [InlineData("update fact set payload = null where version = 3")]
    [InlineData("update head set bucket = 'served'")]
    [InlineData("delete from head")]
    [InlineData("delete from consultation_key")]
    public async Task A_change_behind_our_back_is_found(string change)
    {
        foreach (var kind in Enum.GetValues<DatabaseKind>())
        {
            await using var site = await TestSite.StartAsync(kind);
            using var patient = await (await Caller.PatientAsync(site, "发烧")).InQueueAsync();
            Assert.Null((await site.VerifyAsync()).Broken);
            await site.RunAsync(change);
            Assert.NotNull((await site.VerifyAsync()).Broken);
        }
    }
}
