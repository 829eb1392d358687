using System.Net;
using System.Text.Json;
using Yizhen.Rules.Triage;
using Yizhen.Web.Consultations;
using Yizhen.Web.Tests.Fuzz;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>What was read from a story is shown with its words; what the person confirms is stored, and nothing else.</summary>
public sealed class ReadBackTests
{
    private const string Story = "这几天怕光，流鼻血，没有耳鸣，体温37.8度";

    [Theory, OnBothDatabases]
    public async Task Signs_that_no_question_offers_are_shown_and_stored_once_confirmed(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, Story);
        using var person = await Person.AtAsync(site, "patient", patient.Token, "zh-CN", []);
        var page = WebUtility.HtmlDecode((await person.GetAsync($"/q/{patient.Id}/read-back")).Body);
        Assert.Contains("<dt>怕光</dt>", page, StringComparison.Ordinal);
        Assert.Contains("您说：“怕光”", page, StringComparison.Ordinal);
        Assert.Contains("流鼻血", page, StringComparison.Ordinal);
        Assert.DoesNotContain("耳鸣", page.Replace(Story, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("signs", (await patient.Look()).Answers.Keys);

        await ConfirmAsync(person, patient.Id);
        var answers = (await patient.Look()).Answers;
        Assert.Equal(("nosebleed|photophobia", "37.8", "yes"), (answers["signs"].Replace("fever|", "", StringComparison.Ordinal), answers["temperature_c"], answers["measured"]));

        using var english = await Person.AtAsync(site, "patient", patient.Token, "en", []);
        Assert.Contains("light hurts", (await english.GetAsync($"/q/{patient.Id}/read-back")).Body, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_to_have_been_near_is_read_back_as_nothing(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "鼻塞，没有接触史");
        using var person = await Person.AtAsync(site, "patient", patient.Token, "zh-CN", []);
        var page = WebUtility.HtmlDecode((await person.GetAsync($"/q/{patient.Id}/read-back")).Body);
        Assert.Matches("<dd>[^<]*没有[^<]*<br><small>您说：“没有接触史”", page);
    }

    [Theory, OnBothDatabases]
    public async Task Patients_read_plain_words_and_each_thing_once(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "有点累，怕光，干咳，发烧");
        using var person = await Person.AtAsync(site, "patient", patient.Token, "zh-CN", []);
        var page = WebUtility.HtmlDecode((await person.GetAsync($"/q/{patient.Id}/read-back")).Body);
        Assert.Contains("<dt>没力气</dt>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>干咳</dt>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>发热</dt>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<dt>咳嗽</dt>", page, StringComparison.Ordinal);
        await ConfirmAsync(person, patient.Id, change: "symptoms:dry_cough");
        Assert.DoesNotContain("cough", (await patient.Look()).Answers["signs"], StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Sign_that_was_read_wrongly_is_left_out(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, Story);
        using var person = await Person.AtAsync(site, "patient", patient.Token, "zh-CN", []);
        await ConfirmAsync(person, patient.Id, change: "symptoms:photophobia");
        Assert.Equal("nosebleed", (await patient.Look()).Answers["signs"].Replace("fever|", "", StringComparison.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task What_was_told_and_confirmed_counts_though_the_questions_are_answered_with_none(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        const string Well = "red_flags=none;complaint=fever_or_breathing;age=34;sex=male;measured=yes;temperature_c=36.6;temperature_site=axilla;symptoms=none;breathless=none;spo2=unknown;comorbidities=none;exposure=none;household_ill=no;infection=no";
        Assert.Equal(("R7", Disposition.D5), await Judged("这几天心里不踏实", []));
        Assert.Equal(("M1", Disposition.D7), await Judged("我整夜睡不着", ["<dt>睡不着</dt>"]));
        Assert.Equal(("Q2", Disposition.D3), await Judged("我有高血脂，上个月住院治肺炎，现在肺炎恢复期", ["<dt>高脂血症</dt>", "<dt>肺炎正在恢复</dt>"]));

        async Task<(string?, Disposition?)> Judged(string story, string[] shown)
        {
            using var patient = await Caller.PatientAsync(site, story);
            using var person = await Person.AtAsync(site, "patient", patient.Token, "zh-CN", []);
            var page = WebUtility.HtmlDecode((await person.GetAsync($"/q/{patient.Id}/read-back")).Body);
            Assert.All(shown, line => Assert.Contains(line, page, StringComparison.Ordinal));
            if (shown.Length > 0)
            {
                await ConfirmAsync(person, patient.Id);
            }

            await patient.Put<object>($"{patient.Consultation}/answers", new { answers = Well.Split(';').Select(a => a.Split('=')).ToDictionary(a => a[0], a => a[1]) });
            var outcome = (await patient.Post<ConsultationView>($"{patient.Consultation}/triage", new { })).Outcome;
            return (outcome?.Row, outcome?.Disposition);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Sign_that_is_in_no_list_is_refused_with_its_whole_form(DatabaseKind kind)
    {
        await using var site = await TestSite.StartAsync(kind);
        using var patient = await Caller.PatientAsync(site, "咳嗽");
        var answers = new { answers = new Dictionary<string, string> { ["age"] = "34", ["signs"] = "photophobia|wings" } };
        Assert.Equal((HttpStatusCode.BadRequest, "malformed"), await patient.Refused(HttpMethod.Put, $"{patient.Consultation}/answers", answers));
        Assert.Empty((await patient.Look()).Answers);
        await patient.Put<JsonElement>($"{patient.Consultation}/answers", new { answers = new Dictionary<string, string> { ["signs"] = "photophobia|eye_pain|photophobia" } });
        Assert.Equal("eye_pain|photophobia", (await patient.Look()).Answers["signs"]);
    }

    private static async Task ConfirmAsync(Person person, string id, string? change = null)
    {
        var form = Form.On((await person.GetAsync($"/q/{id}/read-back")).Body).Single(f => f.Action.EndsWith("/read-back", StringComparison.Ordinal));
        var fields = form.Filled().Where(f => f.Key is not ("change" or Form.TokenName)).Append(KeyValuePair.Create(Form.TokenName, person.FormToken));
        using var body = new FormUrlEncodedContent(change is null ? fields : fields.Append(KeyValuePair.Create("change", change)));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/q/{id}/read-back", UriKind.Relative)) { Content = body };
        Assert.Equal(303, (await person.SendAsync(request)).Status);
    }
}
