namespace Yizhen.Web.Consultations;

internal static class ConsultationsSetup
{
    public static void AddConsultations(this IServiceCollection services)
    {
        services.AddSingleton<Admission>();
        services.AddSingleton<OpenConsultation>();
        services.AddSingleton<GiveContact>();
        services.AddSingleton<Desk>();
    }

    public static void MapConsultations(this IEndpointRouteBuilder app)
    {
        OpenConsultation.Map(app);
        TellStory.Map(app);
        JudgeConsultation.Map(app);
        GiveContact.Map(app);
        JoinQueue.Map(app);
        ReadConsultation.Map(app);
        SendMessage.Map(app);
        SendPhoto.Map(app);
        ReplyToPatient.Map(app);
        CloseConsultation.Map(app);
        Desk.Map(app);
    }
}
