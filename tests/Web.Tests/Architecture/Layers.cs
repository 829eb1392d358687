namespace Yizhen.Web.Tests.Architecture;

/// <summary>
/// Who may use whom, by folder. This table is the architecture: a folder that is missing here fails, and so does
/// a use that it does not name. Widen it only with a reason that you would tell the next engineer.
/// A folder always may use itself; every folder of Web may use every folder of Rules.
/// </summary>
internal static class Layers
{
    /// <summary>The root of an assembly: <c>Refusal</c> and <c>Decision</c> in Rules, <c>Program</c> in Web.</summary>
    public const string Root = "";

    private static readonly string[] Ground = ["Storage", "Log", "Accounts", "Page", "Overload"];

    public static readonly IReadOnlyDictionary<string, string[]> Rules = new Dictionary<string, string[]>
    {
        [Root] = [],
        ["Regulation"] = [],
        ["Triage"] = [],
        ["Campaigns"] = [],
        ["Enterprise"] = [],
        ["Clinicians"] = [],
        ["Households"] = [],
        ["Consultations"] = ["Regulation", "Triage"],
        // Nearness is reckoned over the places that campaigns are opened for.
        ["Directories"] = ["Campaigns"],
        ["Dispatch"] = ["Triage", "Clinicians"],
        ["Hotline"] = ["Consultations", "Triage"],
        // A question to the desk is read for words of danger as a story is, by the same reader and the same signed lexicon: two readers would differ one day.
        // Campaigns for the text in both languages.
        ["Information"] = ["Triage", "Campaigns"],
        ["Overload"] = [],
        ["Recruiting"] = ["Regulation", "Clinicians"],
        // What triage has advised is one of the things that are counted.
        ["Statistics"] = ["Consultations", "Triage"],
        ["Worklist"] = ["Triage"],
    };

    public static readonly IReadOnlyDictionary<string, string[]> Web = new Dictionary<string, string[]>
    {
        [Root] = ["*"],
        ["Commands"] = ["*"],
        ["Storage"] = [],
        ["Page"] = [],
        ["Log"] = ["Storage"],
        // Who is on duty is an account at a desk, with whom the log has given it: one view, for dispatch and for whoever says why somebody waits.
        ["Accounts"] = ["Storage", "Page", "Log"],
        // The door asks the policy table's own words whose a request is, before anything is read.
        ["Overload"] = ["Storage", "Page", "Accounts"],
        // An outcome names the nearest hospitals, a doctor refers to one, and whoever is outside is told where else to go.
        ["Consultations"] = [.. Ground, "Campaigns", "Directories", "Enterprise", "Worklist"],
        // Hospitals and other free services are shown beside a campaign.
        ["Directories"] = [.. Ground, "Campaigns"],
        ["Information"] = [.. Ground, "Campaigns", "Worklist"],
        ["Dispatch"] = [.. Ground, "Worklist"],
        ["Triage"] = [.. Ground, "Worklist"],
        // A campaign opens only where the protocols of its day are signed.
        ["Campaigns"] = [.. Ground, "Triage"],
        ["Clinicians"] = Ground,
        ["Enterprise"] = Ground,
        ["Hotline"] = Ground,
        ["Households"] = Ground,
        ["Recruiting"] = Ground,
        ["Regulation"] = Ground,
        // Names of campaigns, and patients' words for signs.
        ["Statistics"] = [.. Ground, "Campaigns", "Consultations"],
        ["Worklist"] = Ground,
    };

    /// <summary>Null where <paramref name="from"/> may use <paramref name="to"/>, else the reason why not.</summary>
    public static string? Forbids(Layer from, Layer to)
    {
        if (from == to || (from.Assembly == "Web" && to.Assembly == "Rules"))
        {
            return null;
        }

        if (from.Assembly == "Rules" && to.Assembly == "Web")
        {
            return "Rules never use Web";
        }

        var table = from.Assembly == "Rules" ? Rules : Web;
        if (!table.TryGetValue(from.Folder, out var allowed))
        {
            return $"the folder {from} is missing from the table in Layers.cs";
        }

        var openToAll = from.Assembly == "Rules" && to.Folder == Root;
        return openToAll || allowed.Contains("*") || allowed.Contains(to.Folder) ? null : $"{from} may not use {to}";
    }
}

/// <summary>A folder of one of our assemblies: <c>Yizhen.Web.Log</c> is Log in Web.</summary>
internal sealed record Layer(string Assembly, string Folder)
{
    public override string ToString() => Folder.Length == 0 ? $"{Assembly} (root)" : $"{Assembly}.{Folder}";

    /// <summary>Null for what is not ours: the framework, packages, and what a compiler writes into foreign namespaces.</summary>
    public static Layer? Of(string fullName)
    {
        var parts = fullName.Split('.', '/');
        return parts is ["Yizhen", "Rules" or "Web", _, ..] ? new(parts[1], parts.Length > 3 ? parts[2] : Layers.Root) : null;
    }
}
