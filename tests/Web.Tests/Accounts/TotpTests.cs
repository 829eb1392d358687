using System.Text;
using Yizhen.Web.Accounts;

namespace Yizhen.Web.Tests.Accounts;

public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B, SHA-1; the last six of its eight digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Code_is_that_of_the_standard(long seconds, string code)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(seconds);
        Assert.Equal(code, Totp.Code(Secret, seconds / 30));
        Assert.Equal(seconds / 30, Totp.Step(Secret, code, now, null));
        Assert.Equal(seconds / 30, Totp.Step(Secret, $" {code[..3]} {code[3..]} ", now.AddSeconds(30), null));
        Assert.Null(Totp.Step(Secret, code, now.AddSeconds(90), null));
        Assert.Null(Totp.Step(Secret, code, now, seconds / 30));
    }

    [Fact]
    public void Secret_is_written_as_apps_want_it_and_read_back()
    {
        Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Totp.Written(Secret));
        Assert.Equal(Secret, Totp.Read("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"));
        Assert.Null(Totp.Read("GEZD"));
        var random = Totp.NewSecret();
        Assert.Equal(random, Totp.Read(Totp.Written(random)));
    }
}
