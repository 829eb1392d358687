using System.Text.Json.Nodes;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Tests.Campaigns;
using Yizhen.Rules.Tests.Triage;

namespace Yizhen.Rules.Tests.Regulation;

/// <summary>Every sentence here is our own: no reply of a real doctor stands in a test.</summary>
public sealed class ReplyGuardTests
{
    private static readonly ReplyGuard Guard = ReplyGuard.Read(Shipped.Read("reply-guard.json"));
    private static readonly LightConsultation Policy = LightConsultation.Read(Shipped.Read("light-consultation.json"));

    [Theory]
    [InlineData("judge-disease", "您这是支气管炎。")]
    [InlineData("judge-disease", "放宽心，不是新冠。")]
    [InlineData("judge-disease", "没去过武汉，可以排除新冠肺炎。")]
    [InlineData("judge-disease", "目前考虑上呼吸道感染")]
    [InlineData("judge-disease", "没有接触过病人，新冠的可能性很小")]
    [InlineData("judge-disease", "You have pneumonia.")]
    [InlineData("judge-disease", "It is just a cold.")]
    [InlineData("judge-disease", "This is not covid.")]
    [InlineData("prescription-medicine", "先吃点左氧氟沙星看看")]
    [InlineData("prescription-medicine", "降压药可以先停掉")]
    [InlineData("prescription-medicine", "Start azithromycin today.")]
    [InlineData("personal-dose", "这个药一天三次，一次两片")]
    [InlineData("personal-dose", "Take 500 mg twice a day.")]
    [InlineData("mental-disorder", "听起来是焦虑症")]
    [InlineData("mental-disorder", "This is a panic attack.")]
    [InlineData("certificate", "我给您开个病假条")]
    [InlineData("certificate", "I will send you a sick note.")]
    [InlineData("no-need-for-hospital", "不用去医院，在家就行")]
    [InlineData("no-need-for-hospital", "There is no need to go to the hospital.")]
    [InlineData("certainty", "肯定没事，放心")]
    [InlineData("certainty", "绝对不会传染给您")]
    [InlineData("certainty", "Do not be afraid, you will be fine.")]
    public void Physician_is_warned(string rule, string reply)
    {
        var found = Guard.Look(reply, Policy, physician: true).Single(f => f.Rule == rule);

        Assert.Equal(reply.Substring(found.At, found.Quote.Length), found.Quote);
        Assert.NotEmpty(found.Instead.Zh);
        Assert.NotEmpty(found.What.En);
    }

    [Theory]
    [InlineData("possible-causes", "发烧可能是感冒，也可能是别的")]
    [InlineData("possible-causes", "This may be due to an infection or an allergy.")]
    [InlineData("interpret-findings", "您的血常规白细胞偏高，CT未见异常")]
    [InlineData("interpret-findings", "Your chest x-ray is normal.")]
    public void Physician_may_say_what_others_may_not(string rule, string reply)
    {
        Assert.DoesNotContain(Guard.Look(reply, Policy, physician: true), f => f.Rule == rule);
        Assert.Contains(Guard.Look(reply, Policy, physician: false), f => f.Rule == rule);
    }

    [Theory]
    [InlineData("没什么，就是太紧张了，植物神经紊乱引起的体温高一点。")]
    [InlineData("没什么事，只是神经紧张引起的。")]
    [InlineData("It is nothing to worry about: nervousness disturbs the body, this may be due to stress. You only have anxiety.")]
    public void Adviser_may_not_explain_a_fever_away_with_nerves(string reply) =>
        // T-07, the anecdote of 2020.
        Assert.NotEmpty(Guard.Look(reply, Policy, physician: false));

    [Theory]
    [InlineData("您得过肺炎吗？")]
    [InlineData("是不是新冠，隔着屏幕看不出来，要当面检查才知道。")]
    [InlineData("不能排除新冠，请去发热门诊。")]
    [InlineData("如果是流感，家里人也会发烧。")]
    [InlineData("量一次体温，记下来。37.6 度算发热。")]
    [InlineData("我陪您一起看，先慢慢吸气，再慢慢呼气。")]
    [InlineData("担心、睡不着，这种时候很常见。")]
    [InlineData("这里不能开病假条，请到医院当面看。")]
    [InlineData("布洛芬是退烧药，怎么吃看说明书。")]
    [InlineData("Have you ever had pneumonia?")]
    [InlineData("If you have covid, the others at home may get it too.")]
    [InlineData("A test in person is needed to know what it is.")]
    [InlineData("")]
    [InlineData("120")]
    public void Question_guidance_and_support_go_through_for_everybody(string reply) =>
        Assert.Empty(Guard.Look(reply, Policy, physician: false));

    [Fact]
    public void Sentence_behind_a_question_is_read_as_well() =>
        Assert.Contains(Guard.Look("有发热吗？您这是肺炎。", Policy, physician: true), f => f.Rule == "judge-disease");

    [Fact]
    public void Phrases_of_the_desk_pass_the_guard() =>
        Assert.All(Phrases.Parse(Shipped.Read("phrases.json")).All.SelectMany(p => new[] { p.Zh, p.En }), Passes);

    [Fact]
    public void What_is_proposed_instead_passes_the_guard() =>
        Assert.All(Guard.Rules.SelectMany(r => new[] { r.Instead.Zh, r.Instead.En }), Passes);

    [Fact]
    public void Advice_that_a_protocol_proposes_passes_the_guard() =>
        Assert.All(
            Packs.All.SelectMany(p => p.Texts.Values.Concat(p.Rows.Select(r => r.Headline))).SelectMany(t => new[] { t.Zh, t.En }),
            Passes);

    [Fact]
    public void Rule_stands_on_an_act_that_light_consultation_keeps_from_somebody() =>
        Assert.All(Guard.Rules, r => Assert.False(Policy.Allows(r.Act, physician: false), $"{r.Id} could never find anything."));

    [Theory]
    [InlineData("(")]
    [InlineData("(?<=a)b")]
    [InlineData("<nowhere>")]
    public void File_with_a_pattern_that_cannot_be_read_cannot_be_used(string pattern)
    {
        var json = JsonNode.Parse(Shipped.Read("reply-guard.json"))!.AsObject();
        json["rules"]![0]!["zh"]!.AsArray().Add(pattern);

        Assert.StartsWith("A policy cannot be used", Assert.Throws<FormatException>(() => { ReplyGuard.Read(json.ToJsonString()); }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_of_words_that_names_itself_cannot_be_used()
    {
        var json = JsonNode.Parse(Shipped.Read("reply-guard.json"))!.AsObject();
        json["words"]!["unit"]!.AsArray().Add("<unit>");

        Assert.Throws<FormatException>(() => { ReplyGuard.Read(json.ToJsonString()); });
    }

    private static void Passes(string text) =>
        Assert.True(Guard.Look(text, Policy, physician: false) is { IsEmpty: true }, $"'{text}': {string.Join(", ", Guard.Look(text, Policy, physician: false).Select(f => $"{f.Rule} '{f.Quote}'"))}");
}
