using System.Text.Json.Nodes;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Tests.Campaigns;

namespace Yizhen.Rules.Tests.Regulation;

public sealed class PolicyTests
{
    private static readonly DateTimeOffset Then = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Consent_asks_three_things_of_everybody_and_a_guardian_for_a_child()
    {
        var consent = ConsentText.Read(Shipped.Read("consent.json"));

        Assert.Equal("advice share keep", string.Join(' ', consent.Missing([], child: false)));
        Assert.Equal("guardian", Assert.Single(consent.Missing(["advice", "share", "keep"], child: true)));
        Assert.Empty(consent.Missing(["advice", "share", "keep"], child: false));
        Assert.Equal("CONSENT-LIGHT@2", consent.Stamp);
    }

    [Fact]
    public void Ticks_count_under_the_text_of_today_alone()
    {
        var consent = ConsentText.Read(Shipped.Read("consent.json")) with { Version = "3", Earlier = ["1", "2"] };

        Assert.Null(consent.Objection("CONSENT-LIGHT@3"));
        Assert.Equal(Refusal.ConsentTextChanged, consent.Objection("CONSENT-LIGHT@2"));
        Assert.All(new[] { null, "", "3", "CONSENT-LIGHT@4", "CONSENT-LIGHT@" }, shown => Assert.Equal(Refusal.ConsentTextUnknown, consent.Objection(shown)));
    }

    [Fact]
    public void Full_consent_text_names_the_responsible_party_in_both_languages()
    {
        var full = ConsentText.Read(Shipped.Read("consent.json")).FullFor(new("示例市卫健委", "Example Commission"), new("027-0000 0000", "027-0000 0000"));

        Assert.Contains("示例市卫健委", full[0].Text.Zh, StringComparison.Ordinal);
        Assert.Contains("Example Commission", full[0].Text.In("en"), StringComparison.Ordinal);
        Assert.DoesNotContain(full, s => s.Text.Zh.Contains('{', StringComparison.Ordinal) || s.Text.En.Contains('{', StringComparison.Ordinal));
    }

    [Fact]
    public void Consent_promises_the_times_that_the_retention_policy_keeps()
    {
        var retention = RetentionPolicy.Read(Shipped.Read("retention.json"));
        var kept = ConsentText.Read(Shipped.Read("consent.json")).Full.Single(s => s.Heading.En == "How long it is kept").Text;

        Assert.Equal((3, 30), (retention.Of(KeptClass.Process).Years, retention.BackupDays));
        Assert.Contains("三年", kept.Zh, StringComparison.Ordinal);
        Assert.Contains("三十天", kept.Zh, StringComparison.Ordinal);
        Assert.Contains("three years", kept.En, StringComparison.Ordinal);
        Assert.Contains("thirty days", kept.En, StringComparison.Ordinal);
    }

    [Fact]
    public void Process_and_contact_end_three_years_after_the_last_fact_and_the_emergency_when_it_is_over()
    {
        var policy = RetentionPolicy.Read(Shipped.Read("retention.json"));

        Assert.Equal(Then.AddYears(3), policy.Ends(KeptClass.Process, Then, null));
        Assert.Equal(Then.AddYears(3), policy.Ends(KeptClass.Contact, Then, null));
        Assert.Null(policy.Ends(KeptClass.Emergency, Then, null));
        Assert.Equal(Then.AddDays(90), policy.Ends(KeptClass.Emergency, Then, Then.AddDays(90)));
        Assert.Equal(Then.AddDays(30), policy.ErasureComplete(Then));
    }

    [Fact]
    public void Light_consultation_allows_advice_and_never_diagnosis()
    {
        var policy = LightConsultation.Read(Shipped.Read("light-consultation.json"));

        Assert.True(policy.Allows(Act.ReadOutDisposition, physician: false));
        Assert.True(policy.Allows(Act.NamePossibleCauses, physician: true));
        Assert.False(policy.Allows(Act.NamePossibleCauses, physician: false));
        Assert.False(policy.Allows(Act.JudgeDisease, physician: true));
        Assert.True(policy.InForce(new(2020, 1, 26)));
        Assert.False(policy.InForce(new(2019, 12, 31)));
        Assert.Equal(TimeSpan.FromHours(24), policy.Clocks.Silent);
        Assert.Equal(TimeSpan.FromMinutes(30), policy.Clocks.Door);
    }

    [Fact]
    public void Code_is_asked_first_only_where_it_can_be_sent_and_never_of_the_urgent()
    {
        var policy = LightConsultation.Read(Shipped.Read("light-consultation.json"));

        Assert.True(policy.AsksCodeFirst(CodeUrgency.Routine, codesGoOut: true));
        Assert.False(policy.AsksCodeFirst(CodeUrgency.Routine, codesGoOut: false));
        Assert.False(policy.AsksCodeFirst(null, codesGoOut: true));
    }

    [Fact]
    public void File_that_asks_the_urgent_for_a_code_cannot_be_read() =>
        Refused("light-consultation.json", LightConsultation.Read, json => json["code"]!["urgencies"]!.AsArray().Add("urgent"));

    [Fact]
    public void File_that_allows_a_diagnosis_cannot_be_used() =>
        Refused("light-consultation.json", LightConsultation.Read, json => json["acts"]![3]!["physician"] = true);

    [Theory]
    [InlineData("consent.json")]
    [InlineData("retention.json")]
    [InlineData("light-consultation.json")]
    public void Each_member_is_needed_and_no_other_is_known(string name)
    {
        Func<string, object> read = name switch
        {
            "consent.json" => ConsentText.Read,
            "retention.json" => RetentionPolicy.Read,
            _ => LightConsultation.Read,
        };
        read(Shipped.Read(name));
        Refused(name, read, json => json["more"] = 1);
        foreach (var member in JsonNode.Parse(Shipped.Read(name))!.AsObject().Select(p => p.Key))
        {
            Refused(name, read, json => json.Remove(member));
        }

        Assert.Throws<FormatException>(() => read(""));
        Assert.Throws<FormatException>(() => read("null"));
        Assert.Throws<FormatException>(() => read("{\"id\":\"A\",\"id\":\"B\"}"));
    }

    [Fact]
    public void Consent_without_one_of_its_ticks_cannot_be_used() =>
        Refused("consent.json", ConsentText.Read, json => json["items"]!.AsArray().RemoveAt(0));

    [Fact]
    public void Consent_without_English_cannot_be_used() =>
        Refused("consent.json", ConsentText.Read, json => json["items"]![0]!["label"]!["en"] = " ");

    [Fact]
    public void Consent_that_is_earlier_than_itself_cannot_be_used() =>
        Refused("consent.json", ConsentText.Read, json => json["earlier"] = new JsonArray(json["version"]!.GetValue<string>()));

    [Fact]
    public void Retention_without_years_cannot_be_used() =>
        Refused("retention.json", RetentionPolicy.Read, json => json["classes"]![0]!["years"] = null);

    private static void Refused<T>(string name, Func<string, T> read, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(Shipped.Read(name))!.AsObject();
        change(json);

        var refusal = Assert.Throws<FormatException>(() => { read(json.ToJsonString()); });

        Assert.StartsWith("A policy cannot be ", refusal.Message, StringComparison.Ordinal);
    }
}
