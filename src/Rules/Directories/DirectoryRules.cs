using System.Text.Json;
using System.Text.Json.Serialization;

namespace Yizhen.Rules.Directories;

/// <summary>How the directories are shown and taken in, from <c>policies/directories.json</c>.</summary>
/// <param name="Nearest">Hospitals on an outcome.</param>
/// <param name="Listed">Hospitals on a page of their own.</param>
/// <param name="FarthestKm">From centre to centre; further away nothing is called near.</param>
/// <param name="StatementOldHours">An older statement of a hospital is marked as old and moves nobody.</param>
/// <param name="ListOldDays">A list that was published longer ago is marked as old.</param>
/// <param name="MostPeople">The largest number that a hospital may state.</param>
/// <param name="MostLines">Of one file.</param>
/// <param name="MostFaults">Shown at once.</param>
/// <param name="HealthLine">Number to ask where no list helps.</param>
public sealed record DirectoryRules(
    string Version, int Nearest, int Listed, int FarthestKm, int StatementOldHours, int ListOldDays, int MostPeople, int MostLines, int MostFaults, string HealthLine)
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="JsonException">A member is unknown, missing or out of its range.</exception>
    public static DirectoryRules Parse(string json)
    {
        var rules = JsonSerializer.Deserialize<DirectoryRules>(json, Strict) ?? throw new JsonException("The rules of the directories are empty.");
        return rules is { Nearest: >= 1, FarthestKm: >= 1, StatementOldHours: >= 1, ListOldDays: >= 1, MostPeople: >= 1, MostLines: >= 1, MostFaults: >= 1 } && rules.Listed >= rules.Nearest
            ? rules
            : throw new JsonException("The rules of the directories are out of range.");
    }
}
