using Yizhen.Rules.Information;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Information;

internal static class InformationSetup
{
    public static void AddInformation(this IServiceCollection services)
    {
        services.AddSingleton<DeskTexts>();
        services.AddSingleton<ShowDesk>();
        services.AddSingleton<RunDesk>();
        services.AddSingleton<Library>();
        services.AddSingleton<ShowAnswer>();
        services.AddSingleton<CountDesk>();
        services.AddSingleton<RunLibrary>();
        services.AddSingleton(_ => NoticeRules.Parse(Policies.Text("notice.json")));
        services.AddSingleton<ChooseNotice>();
        services.AddSingleton<SendNotice>();
        services.AddSingleton<NoticeLetters>();
        services.AddSingleton<CountNotices>();
        services.AddSingleton<RunNotices>();
        services.AddChore<TellNotices>();
    }

    public static void MapInformation(this IEndpointRouteBuilder app)
    {
        ShowDesk.Map(app);
        RunDesk.Map(app);
        ShowAnswer.Map(app);
        RunLibrary.Map(app);
        LibraryFaces.Map(app);
        RunNotices.Map(app);
    }
}
