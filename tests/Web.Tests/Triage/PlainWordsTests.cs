using System.Net;
using System.Text.RegularExpressions;
using Yizhen.Rules.Triage;
using Yizhen.Web.Tests.Consultations;
using Yizhen.Web.Accounts;
using Yizhen.Web.Tests.Support;
using Yizhen.Web.Triage;

namespace Yizhen.Web.Tests.Triage;

/// <summary>What a patient reads of a protocol is plain: no note for the signer, no raw value of an answer, nothing promised that has not begun.</summary>
public sealed partial class PlainWordsTests
{
    private static readonly IReadOnlyList<Protocol> Packs = [.. new ProtocolFiles(ProtocolFiles.Shipped, acceptDemo: true, authorityPem: null).All.Select(f => f.Protocol).OfType<Protocol>()];

    [Fact]
    public void Source_that_a_patient_reads_holds_no_note_for_the_signer() =>
        Assert.All(Packs.SelectMany(p => p.Sources), source => Assert.DoesNotMatch(ForTheSigner(), $"{source.Title.Zh} {source.Title.En}"));

    [Fact]
    public void Headline_promises_nobody_before_the_person_has_joined() =>
        Assert.All(Packs.SelectMany(p => p.Rows), row => Assert.DoesNotMatch(Promise(), $"{row.Headline.Zh} {row.Headline.En}"));

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task Rules_are_shown_in_words_and_not_in_values(string language)
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var reader = site.NewPerson(language);
        foreach (var pack in Packs)
        {
            var page = WebUtility.HtmlDecode(await reader.GetStringAsync(new Uri($"/protocols/{pack.Id}?version={Uri.EscapeDataString(pack.Version)}", UriKind.Relative)));

            Assert.DoesNotMatch(language == "en" ? RawInEnglish() : RawInChinese(), page);
        }
    }

    [Fact]
    public async Task Note_for_the_signer_stands_with_the_rules_and_not_with_the_advice()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var patient = await Caller.PatientAsync(site, "爬楼有点喘", answers: "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=not_hot;symptoms=cough;breathless=stairs;respiratory_rate=18;heart_rate=88;spo2=unknown;comorbidities=none;exposure=none;household_ill=no;infection=no");
        await patient.Post<object>($"{patient.Consultation}/triage", new { });
        using var browser = site.NewPerson("zh-CN");
        browser.DefaultRequestHeaders.Add("Cookie", $"{SignIns.DeviceCookie}={patient.Token}");

        var outcome = WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri($"/q/{patient.Id}/outcome", UriKind.Relative)));

        Assert.Contains("何时停止居家隔离", outcome, StringComparison.Ordinal);
        Assert.DoesNotContain("待签署者确认", outcome, StringComparison.Ordinal);
        Assert.Contains("/protocols/RESP-CN?version=national-v1\"", outcome, StringComparison.Ordinal);
        Assert.Contains("待签署者确认", await browser.GetStringAsync(new Uri("/protocols/RESP-CN-WUHAN", UriKind.Relative)), StringComparison.Ordinal);
    }

    [GeneratedRegex("待(临床)?签署|待核|未核|待补|凭记忆|to be (confirmed|checked|sourced)|from memory|not verified|signer", RegexOptions.IgnoreCase)]
    private static partial Regex ForTheSigner();

    [GeneratedRegex("正在为您|为您排队|为您预约|我们马上|We are getting|will look|A place in line", RegexOptions.IgnoreCase)]
    private static partial Regex Promise();

    [GeneratedRegex(@"(=|：|/) ?(yes|no|unknown|none|true|false)\b|phq\d \+")]
    private static partial Regex RawInChinese();

    [GeneratedRegex(@"(=|：|/) ?(unknown|none|true|false)\b|phq\d \+")]
    private static partial Regex RawInEnglish();
}
