using System.Collections.Immutable;
using Yizhen.Rules;
using Yizhen.Rules.Consultations;
using Yizhen.Rules.Directories;
using Yizhen.Rules.Regulation;
using Yizhen.Rules.Triage;
using Yizhen.Web.Campaigns;
using Yizhen.Web.Consultations;
using Yizhen.Web.Information;
using Yizhen.Web.Directories;
using Yizhen.Web.Page;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Pages;

/// <summary>Each page of the patient once, in the state that shows most of it; the person and all words are invented.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 24, 6, 15, 0, TimeSpan.Zero);
    private static readonly ConsultationId Id = new(new("019368b1-0000-7000-8000-000000000001"));
    private static readonly Guid Doctor = new("019368b1-0000-7000-8000-000000000002");
    private static readonly ProtocolPin Pin = new("RESP-CN", "2020-01-24");
    private static readonly ConsentText Text = ConsentText.Read(File.ReadAllText(Checkout.At("policies", "consent.json")));
    private static readonly ImmutableArray<Mistake> None = [];

    public static IEnumerable<string> Names => All(Lang.Zh).Select(s => s.Name);

    public static (string Name, Type Page, object Model) Named(string name, Lang t) => All(t).Single(s => s.Name == name);

    private static IEnumerable<(string Name, Type Page, object Model)> All(Lang t)
    {
        yield return ("campaign", typeof(CampaignPage), new CampaignModel(t["发热，先问医生", "Fever? Ask first"], t["免费", "Free"], "/c/demo/start", true, null, 35, 60, 38, 14, Now, [t["叫不醒", "Cannot be woken"]], t["示例市", "Example City"], t["在湖北的人", "People in Hubei"], t["每天 8:00 到 22:00", "Daily 8:00 to 22:00"]));
        yield return ("campaign closed", typeof(CampaignPage), new CampaignModel(t["发热，先问医生", "Fever? Ask first"], t["免费", "Free"], "/c/demo/start", false, null, null, null, 0, 0, Now, [], t["示例市", "Example City"], t["在湖北的人", "People in Hubei"], t["每天 8:00 到 22:00", "Daily 8:00 to 22:00"]));
        yield return ("desk", typeof(DeskTextPage), Desk(t) with { Asked = t["发烧37度5", "37.5 fever"], Found = [Kept] });
        yield return ("desk with a red flag", typeof(DeskTextPage), Desk(t) with { Asked = t["喘不上气", "cannot breathe"], RedFlags = [new("dyspnea_at_rest", false, "喘不上气")] });
        yield return ("desk, answered", typeof(DeskTextPage), Desk(t) with { Answered = true });
        yield return ("answer", typeof(AnswerPage), new AnswerModel(Kept, true, true, "/q/x/desk", "/q/x/consent", null, "/q/x/desk/a02"));
        yield return ("answer withdrawn", typeof(AnswerPage), new AnswerModel(Kept with { Withdrawn = "新通告", WithdrawnAt = Now }, false, true, "/c/demo/briefing", null, "/c/demo/start", null));
        yield return ("consent", typeof(ConsentPage), new ConsentModel(Id, Text, Text.FullFor(new("示例市", "Example City"), new("专线", "hotline")), [], None));
        yield return ("consent again", typeof(ConsentPage), new ConsentModel(Id, Text, Text.Full, ["advice"], [new("share", t["这一条还没有勾", "This one is not ticked"])]));
        yield return ("who", typeof(WhoPage), new WhoModel(Id, Text.Stamp, Text.Items.Single(i => i.Key == "guardian"), ["advice", "share", "keep"], null, "", false, None));
        yield return ("where", typeof(WherePage), new WhereModel(Id, "jiang an", [new("420102", t["湖北省武汉市江岸区", "Jiang'an, Wuhan, Hubei"])], [new("JP", t["日本", "Japan"])], null, None));
        yield return ("where nothing found", typeof(WherePage), new WhereModel(Id, "zzz", [], [new("JP", t["日本", "Japan"])], "JP", [new("place", t["没有找到", "Not found"])]));
        yield return ("story", typeof(StoryPage), new StoryModel(Id, t["前天开始发冷", "Chills since the day before yesterday"], 8, Intake.StoryLength, Now, None));
        yield return ("read back", typeof(ReadBackPage), new ReadBackModel(Id, [new("cough", t["咳嗽", "Cough"], t["有", "Yes"], "有点干咳")], [("cough", "yes")], t["血氧。", "Oxygen."], true, [new("dyspnea_at_rest", false, "喘不上气")], None));
        yield return ("one question", typeof(QuestionsPage), new QuestionsModel(Id, [Breath(t)], 3, 9, "/back", [], None));
        yield return ("questions", typeof(QuestionsPage), new QuestionsModel(Id, [Breath(t), Temperature(t), Many(t)], 1, 9, null, [new("suicidal", true, "不想活")], [new("n-temperature", t["填的是 376，是不是 37.6", "You entered 376. Is it 37.6"])]));
        yield return ("answered", typeof(AnsweredPage), new AnsweredModel(Id, [new("suicidal", true, "不想活")]));
        foreach (var disposition in Enum.GetValues<Disposition>())
        {
            var outcome = OutcomeOf(disposition);
            yield return ($"outcome {disposition}", typeof(OutcomePage), new OutcomeModel(Open(t).After(new Triaged(outcome), Now), outcome, t["陈女士", "Ms Chen"], t["湖北省武汉市", "Wuhan, Hubei"], disposition == Disposition.D1 ? Near(t) : null, true, t["演示签名", "Demo signature"], ["12356"]));
        }

        yield return ("outcome D1, no hospital known", typeof(OutcomePage), new OutcomeModel(Open(t).After(new Triaged(OutcomeOf(Disposition.D1)), Now), OutcomeOf(Disposition.D1), t["陈女士", "Ms Chen"], t["北京市", "Beijing"], Near(t) with { Hospitals = [] }, false, t["演示签名", "Demo signature"], ["12356"]));
        yield return ("outcome D3, outside", typeof(OutcomePage), new OutcomeModel(Open(t).After(new Triaged(OutcomeOf(Disposition.D3)), Now), OutcomeOf(Disposition.D3), t["陈女士", "Ms Chen"], t["北京市", "Beijing"], null, false, t["演示签名", "Demo signature"], ["12356"]) { Outside = true });
        yield return ("outside", typeof(OutsidePage), new OutsideModel(Open(t), t["北京市", "Beijing"], t["在湖北的人", "People in Hubei"], false, [t["叫不醒", "Cannot be woken"]], Other(t)));
        yield return ("outside, turned back", typeof(OutsidePage), new OutsideModel(Open(t).After(new TurnedAway("outside_region:campaigns"), Now), t["北京市", "Beijing"], t["在湖北的人", "People in Hubei"], true, [t["叫不醒", "Cannot be woken"]], Other(t)));
        yield return ("outside, by the phone number", typeof(OutsidePage), new OutsideModel(Open(t), "", t["在湖北的人", "People in Hubei"], false, [t["叫不醒", "Cannot be woken"]], Other(t)) { ByPhone = true, Sold = t["北京市", "Beijing"], OwnWord = true });
        yield return ("embed closed", typeof(EmbedClosedPage), new EmbedClosedModel("demo", true));
        yield return ("elsewhere", typeof(ElsewherePage), Other(t));
        yield return ("clinics", typeof(ClinicsPage), new ClinicsModel("/c/demo", "", [], Near(t), "420102", new Sketch(new(180, 120, t["江岸区", "Jiang'an"], 1, "start"), [new(60, 40, t["江汉区", "Jianghan"], 3, "end"), new(70, 44, "X", 1, null)], 12)));
        yield return ("clinics, no place yet", typeof(ClinicsPage), new ClinicsModel("/c/demo", "jiang", [("420102", t["湖北省武汉市江岸区", "Jiang'an, Wuhan, Hubei"])], null, null, null));
        yield return ("a hospital's form", typeof(StateHospitalPage), new StateHospitalModel(t["示例市第一医院", "Example City First Hospital"], t["示例路 1 号", "1 Example Road"], "/h/t", new(Now, true, 20, 6), [new("room", t["写一个数字", "A number"])]));
        yield return ("referral", typeof(ReferralPage), Referral(t));
        yield return ("outcome corrected", typeof(OutcomePage), new OutcomeModel(Corrected(t, Disposition.D1), OutcomeOf(Disposition.D1), t["陈女士", "Ms Chen"], t["湖北省武汉市", "Wuhan, Hubei"], null, false, t["演示签名", "Demo signature"], ["12356"]));
        yield return ("outcome corrected, emergency, read", typeof(OutcomePage), new OutcomeModel(Corrected(t, Disposition.D0).After(new CorrectionSeen(1), Now), OutcomeOf(Disposition.D0), t["陈女士", "Ms Chen"], t["湖北省武汉市", "Wuhan, Hubei"], null, false, t["演示签名", "Demo signature"], ["12356"]));
        yield return ("notices", typeof(NoticePage), new NoticeModel(Noticed(t), t["陈女士", "Ms Chen"]));
        yield return ("mine with a notice", typeof(MinePage), new MineModel([new(Noticed(t), t["陈女士", "Ms Chen"], "14:08", false)], [], "/c/demo", None));
        yield return ("mine corrected", typeof(MinePage), new MineModel([new(Corrected(t, Disposition.D1), t["陈女士", "Ms Chen"], "14:08", false)], [], "/c/demo", None));
        yield return ("contact", typeof(ContactPage), new ContactModel(Id, "", true, false, [new("phone", t["再看一下号码", "Look at the number again"])]));
        yield return ("contact without messages", typeof(ContactPage), new ContactModel(Id, "", false, false, None));
        yield return ("contact without messages, placed", typeof(ContactPage), new ContactModel(Id, "", false, true, None));
        yield return ("contact for being asked", typeof(ContactPage), new ContactModel(Id, "", true, false, None) { OnlyFollowUp = true });
        yield return ("follow-up", typeof(FollowUpPage), new FollowUpModel(Open(t).After(new Triaged(OutcomeOf(Disposition.D4)), Now), t["陈女士", "Ms Chen"], null));
        yield return ("follow-up said", typeof(FollowUpPage), new FollowUpModel(Closed(t), t["陈女士", "Ms Chen"], Feeling.Better));
        yield return ("code", typeof(CodePage), new CodeModel(Id, "138 0000 5678", 5, 5, None) { Placed = true });
        yield return ("code for being asked", typeof(CodePage), new CodeModel(Id, "138 0000 5678", 5, 5, None) { Placed = false });
        yield return ("recovery", typeof(RecoveryPage), new RecoveryModel(Id, "7F3K-92QA-B1CD", t["位置已保留", "Your place is kept"], true));
        yield return ("recovery without a place", typeof(RecoveryPage), new RecoveryModel(Id, "7F3K-92QA-B1CD", t["不用短信也能回来", "You can come back without text messages"], false));
        yield return ("waiting", typeof(WaitingPage), new WaitingModel(Waiting(t), t["陈女士", "Ms Chen"], WaitingState.InLine, new(20, 30, Now.AddMinutes(35), Now.AddMinutes(60), Now), "138 **** 5678", true, null, 60));
        foreach (var to in new[] { Urgency.Emergency, Urgency.Question })
        {
            yield return ($"waiting, set to {to}", typeof(WaitingPage), new WaitingModel(Waiting(t).After(new UrgencySet(Urgency.Soon, to, t["原因", "Reason"], Doctor, t["王医生", "Dr Wang"]), Now), t["陈女士", "Ms Chen"], WaitingState.InLine, new(20, 30, null, null, Now), null, false, null, null));
        }

        yield return ("waiting for duty", typeof(WaitingPage), new WaitingModel(Waiting(t), t["陈女士", "Ms Chen"], WaitingState.NobodyOnDuty, new(4, 6, null, null, Now), null, false, Now.AddHours(10), null));
        yield return ("talk", typeof(TalkPage), new TalkModel(Talking(t), t["陈女士", "Ms Chen"], new(t["王医生", "Dr Wang"], t["主治医师", "physician"], t["示例市第一医院", "First Hospital"]), "", Doctor, Intake.StoryLength, false, None));
        yield return ("talk closed", typeof(TalkPage), new TalkModel(Closed(t), t["陈女士", "Ms Chen"], new(t["王医生", "Dr Wang"], t["主治医师", "physician"], t["示例市第一医院", "First Hospital"]), "", Doctor, Intake.StoryLength, false, None));
        yield return ("advice", typeof(AdvicePage), new AdviceModel(Closed(t), Sheet, Now, t["陈女士", "Ms Chen"], t["湖北省武汉市", "Wuhan, Hubei"], t["王医生", "Dr Wang"], t["示例市主办", "Run by Example City"], t["依据：示例", "Source: example"]));
        yield return ("mine", typeof(MinePage), new MineModel([new(Waiting(t), t["陈女士", "Ms Chen"], "14:08", false), new(Talking(t), t["小宝", "Baby"], "11:30", true), new(Closed(t), t["陈女士", "Ms Chen"], "10:00", false)], [new("7f3k2q", "027-0000 0000")], "/c/demo", None));
        yield return ("mine empty", typeof(MinePage), new MineModel([], [], "/c/demo", [new("recovery", t["对不上", "Does not match"])]));
        yield return ("erase", typeof(ErasePage), new EraseModel(Id, t["陈女士", "Ms Chen"], true, t["按规定保存的部分", "What the law keeps"], Now.AddDays(30), None));
        yield return ("erased", typeof(ErasedPage), new ErasedModel(Now.AddDays(30), null));
        yield return ("confirm", typeof(ConfirmPage), new ConfirmModel(t["退出", "Leave"], t["退出排队吗", "Leave the queue?"], t["位置不再保留", "Your place is given up"], "/q/x/close", t["退出", "Leave"], t["再等等", "Stay"], "/q/x/waiting"));
        yield return ("fault", typeof(RefusedPage), new RefusedModel(null, "7F3K-92", Now));
        yield return ("overload", typeof(RefusedPage), new RefusedModel(Refusal.Overloaded, null, null));
        yield return ("not found", typeof(RefusedPage), new RefusedModel(Refusal.NotFound, null, null));
    }

    private static readonly KeptEntry Kept = new("a02", 1, new(new("有点低烧，怎么办", "A slight fever: what now"), new("在家休息\n多喝水", "Rest\nDrink"), new([], []), new("防护手册", "Handbook", new(2020, 1, 29)), new(2020, 1, 22), new(2027, 1, 1)), null, "", null, null, null, null, true);

    private static DeskTextModel Desk(Lang t) => new("/q/x/desk", "/q/x/consent", null, "/q/x/desk", "demo", false, null, []) { Danger = [t["叫不醒", "Cannot be woken"]], Searchable = true, Typical = [Kept] };

    private static readonly AdviceSheet Sheet = new(Disposition.D4, "发热一天半", "先在家休息\n多喝水", [new("超过 39 ℃", "Above 39 °C")], [new("叫不醒", "Cannot be woken")], Pin, "R8");

    private static Consultation Open(Lang t) => Consultation.Before(Id).After(
        [
            new Opened("demo", "web", Doctor, t.Code, ServiceMode.LightConsultation, Doctor, Relation.Self, new(Text.Stamp, true, true, true, false, false, false), new(2020, 1, 26), "chat"),
            new PlaceStated("420102", null),
            new StoryTold("<script>alert(1)</script> 冷 😷", 8),
        ], Now.AddDays(-1));

    /// <summary>One that was read, and one that was not.</summary>
    private static Consultation Noticed(Lang t) =>
        Corrected(t, Disposition.D1).After([new NoticeGiven(Doctor, new("发热门诊改到北门。", "The fever clinic has moved to the north gate.")), new NoticeSeen(Doctor), new NoticeGiven(Id.Value, new("今天起先打电话再来。\n号码在下面。", "From today, ring before you come.\nThe number stands below."))], Now);

    private static Consultation Corrected(Lang t, Disposition to)
    {
        var told = Open(t).After(new Triaged(OutcomeOf(Disposition.D4)), Now.AddDays(-2));
        return told.After(told.Correct(told.JudgedIn, Pin, Pin with { Version = "2020-02-05" }, OutcomeOf(to)).Value, Now);
    }

    private static Consultation Waiting(Lang t) => Open(t).After([new Triaged(OutcomeOf(Disposition.D3)), new ContactGiven(true, false), new Queued(Now.AddHours(-1), Urgency.Soon, "general", null)], Now.AddHours(-1));

    private static Consultation Talking(Lang t) => Waiting(t).After(
        [
            new Assigned(Doctor, "李医生", 1, "urgency_then_wait"),
            new ReplySent(new("019368b1-0000-7000-8000-000000000003"), Doctor, "喘不喘？"),
            new MessageReceived(new("019368b1-0000-7000-8000-000000000004"), "坐着不喘"),
            new PhotoReceived(new("019368b1-0000-7000-8000-000000000005"), "image/jpeg", 240, 150, 1000, 1, "00"),
            new Seen(true, 9),
            new ClinicianUnreachable(Doctor),
            new ClinicianBack(Doctor),
            new HandedOver(Doctor, "李医生", "lost", null),
            new Assigned(Doctor, "王医生", 2, "urgency_then_wait"),
            new Felt(Feeling.Worse),
            new PutOnHold("silent", Now.AddHours(1)),
            new TakenOffHold(),
            new HandedOver(Doctor, "王医生", "hand_over", "请接着看"),
            new Assigned(Doctor, "王医生", 3, "urgency_then_wait"),
        ], Now.AddMinutes(-5));

    private static Consultation Closed(Lang t) => Talking(t).After([new AdviceWritten(Doctor, "王医生", Sheet), new Closed(false, "advised")], Now);

    private static Outcome OutcomeOf(Disposition disposition) => new(
        disposition, disposition == Disposition.D0 ? Urgency.Emergency : Urgency.Soon, "general", [], Pin, "R8", [Pin],
        new("按这个做", "Do this"), new("按您的回答", "From your answers"), [new("多喝水", "Drink")], [new("超过 38 ℃", "Above 38 °C")], [new("叫不醒", "Cannot be woken")],
        [new("S1", new Wording("防护手册 Handbook", "防护手册 Handbook"), "2020-01", null, "T")], []);

    private static ElsewhereModel Other(Lang t) => new(
        [new("/c/other", t["北京义诊", "Beijing campaign"], t["在北京的人", "People in Beijing"])],
        [new(t["示例问诊", "Example advice"], t["免费问诊", "Free consultations"], ["400-000 0000"], "example.org/ask", t["每天 8:00 到 20:00", "Daily 8:00 to 20:00"], t["示例，2026-11-20", "Example, 2026-11-20"])],
        "027-0000 0000", "12320", "/c/demo/clinics?at=110101");

    private static ReferralModel Referral(Lang t)
    {
        var to = new ReferredTo(Guid.Empty, t["示例市第一医院", "Example City First Hospital"], t["示例路 1 号", "1 Example Road"], "027-0000 0000", "", t["示例市卫健委", "Example health commission"], new(2026, 11, 20));
        var sheet = new AdviceSheet(Disposition.D1, t["发热三天", "Fever for three days"], t["今天去", "Go today"], [], [], Pin, "R1");
        return new(Open(t), new Referred(Referring.ByClinician, to, t["请测血氧", "Please measure oxygen"]), new AdviceWritten(Doctor, t["王安", "Wang An"], sheet), Now, t["陈女士", "Ms Chen"], t["武汉", "Wuhan"], t["女 45 岁", "Woman, 45"], [(t["咳嗽", "Cough"], t["有", "yes"], false)], t["示例市", "Example City"]);
    }

    private static HospitalsNear Near(Lang t) => new(
        [
            new(new(new(Guid.Empty, HospitalKind.FeverClinic, t["示例市第一医院", "Example City First Hospital"], "420102", t["示例路 1 号", "1 Example Road"], "027-0000 0000", t["24 小时", "24 hours"], new(2026, 11, 20), null, t["示例市卫健委", "Example health commission"], new(2026, 11, 20)), Rules.Directories.Near.SameDistrict, 0, false, new(Now.AddHours(-1), true, 20, 6), false), t["江岸区", "Jiang'an"], false),
            new(new(new(Guid.Empty, HospitalKind.Designated, t["样板医院", "Model Hospital"], "420103", "", "", "", new(2026, 11, 20), null, t["示例市卫健委", "Example health commission"], null), Rules.Directories.Near.SameCity, 4.2, true, new(Now.AddDays(-2), false, null, null), true), t["江汉区", "Jianghan"], true),
        ],
        t["武汉 江岸区", "Jiang'an, Wuhan"], "/c/demo/clinics?at=420102", Sought.FeverClinic, "12320");

    private static Ask Breath(Lang t) => new("breath", AskKind.One, t["现在喘得怎么样", "How is your breathing"], t["选最像的", "Choose the nearest"], t["喘最能看出轻重", "It tells most"], null, [new("none", t["不喘", "Fine"]), new("unknown", t["说不清", "Not sure"], t["不会当作“不喘”", "Not read as fine"])], [], ["none"], null, null);

    private static Ask Temperature(Lang t) => new("temperature", AskKind.Number, t["最高体温", "Highest temperature"], null, null, "℃", [new("unknown", t["没量过", "Not measured"])], [new("axilla", t["腋下", "Armpit"])], [], "376", "axilla");

    private static Ask Many(Lang t) => new("illness", AskKind.Many, t["慢性病", "Long illnesses"], null, null, null, [new("diabetes", t["糖尿病", "Diabetes"]), new("none", t["都没有", "None"])], [], [], null, null);
}
