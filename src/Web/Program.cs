using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Yizhen.Web.Commands;
using Yizhen.Web.Commands.Drill;
using Yizhen.Web.Commands.Replay;

namespace Yizhen.Web;

public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("Yizhen 义诊: online consultations that lose nobody.")
        {
            ServeCommand.Build(),
            SetupCommand.Build(),
            LedgerCommand.Build(),
            VerifyCommand.Build(),
            BackupCommand.Build(),
            RestoreCommand.Build(),
            StaticCommand.Build(),
            ProtocolCommand.Build(),
            TriageCommand.Build(),
            AnswerCommand.Build(),
            CampaignCommand.Build(),
            DeskCommand.Build(),
            DispatchCommand.Build(),
            PlanCommand.Build(),
            PictureCommand.Build(),
            DrillCommand.Build(),
            RecallCommand.Build(),
            DirectoryCommand.Build(),
            AccessCommand.Build(),
            ReplayCommand.Build(),
        };
        var parsed = root.Parse(args);
        if (parsed.Action is HelpAction)
        {
            return Sentence.Helped(parsed);
        }

        return parsed.Action is ParseErrorAction ? Sentence.Misused(parsed) : await parsed.InvokeAsync();
    }
}
