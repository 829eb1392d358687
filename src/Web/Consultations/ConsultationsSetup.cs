using System.Collections.Concurrent;
using Yizhen.Rules.Regulation;
using Yizhen.Web.Log;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Consultations;

internal static class ConsultationsSetup
{
    /// <summary>Made once a process from one text: the patterns take about a second to become expressions, and a test run makes hundreds of sites.</summary>
    private static readonly ConcurrentDictionary<string, ReplyGuard> Guards = new(StringComparer.Ordinal);

    public static void AddConsultations(this IServiceCollection services)
    {
        services.AddSingleton<Guardians>();
        services.AddSingleton<Admission>();
        services.AddSingleton<AnswerPrompt>();
        services.AddSingleton<OpenConsultation>();
        services.AddSingleton<GiveContact>();
        services.AddSingleton<CodeFirst>();
        services.AddSingleton<Outside>();
        services.AddSingleton<PhoneSold>();
        services.AddSingleton<Referrals>();
        services.AddSingleton<TakePlace>();
        services.AddSingleton<FollowUp>();
        services.AddSingleton<Around>();
        services.AddSingleton<IntakePages>();
        services.AddSingleton<QuestionPages>();
        services.AddSingleton<ContactPages>();
        services.AddSingleton<WaitingPages>();
        services.AddSingleton<WhyNobodyYet>();
        services.AddSingleton<TalkPages>();
        services.AddSingleton<OwnPages>();
        services.AddSingleton<SeeNotice>();
        services.AddSingleton<Desk>();
        services.AddSingleton(_ => Phrases.Parse(Policies.Text("phrases.json")));
        services.AddSingleton<Drafts>();
        services.AddChore<EndKept>();
        services.AddSingleton(provider => provider.GetRequiredService<SignedPolicies>().Read(SignedPolicies.Guard, text => Guards.GetOrAdd(text, ReplyGuard.Read)));
        services.AddSingleton<DeskGuard>();
        services.AddSingleton<DecideFlag>();
        services.AddSingleton<ReportSheets>();
        services.AddSingleton<ReportPages>();
        services.AddSingleton<DeskScene>();
        services.AddSingleton<DeskForms>();
        services.AddSingleton(new ErasedWith((database, _, consultations, ct) => Drafts.Erase(database, consultations, ct)));
    }

    public static void MapConsultations(this IEndpointRouteBuilder app)
    {
        OpenConsultation.Map(app);
        TellStory.Map(app);
        JudgeConsultation.Map(app);
        SeeCorrection.Map(app);
        SeeNotice.Map(app);
        GiveContact.Map(app);
        JoinQueue.Map(app);
        AnswerOffer.Map(app);
        AnswerPrompt.Map(app);
        ReadConsultation.Map(app);
        SendMessage.Map(app);
        SendPhoto.Map(app);
        ReplyToPatient.Map(app);
        CloseConsultation.Map(app);
        DecideFlag.Map(app);
        ReportPages.Map(app);
        SetUrgency.Map(app);
        Desk.Map(app);
        DeskForms.Map(app);
        EraseOwn.Map(app);
        Outside.Map(app);
        Referrals.Map(app);
        IntakePages.Map(app);
        QuestionPages.Map(app);
        ContactPages.Map(app);
        WaitingPages.Map(app);
        TalkPages.Map(app);
        FollowUp.Map(app);
        OwnPages.Map(app);
    }
}
