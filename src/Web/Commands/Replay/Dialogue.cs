using System.Text.Json;
using System.Text.Json.Serialization;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands.Replay;

/// <summary>One recorded consultation: what a person wrote first, and the turns in order. Unknown members are passed over: the format has more.</summary>
internal sealed record Dialogue(string Id, string Lang, string? Description, Dictionary<string, string?>? Intake, IReadOnlyList<Turn>? Turns)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip };

    public IReadOnlyList<Turn> Lines => Turns ?? [];

    /// <summary>The opening text and what the form held, as a person would tell it.</summary>
    public string Story
    {
        get
        {
            var told = string.Join('\n', new[] { Description }.Concat((Intake ?? []).Select(i => i.Value)).Where(s => !string.IsNullOrWhiteSpace(s)));
            return told.Length == 0 ? "…" : told;
        }
    }

    /// <exception cref="StorageException">No such file, or a line that is not a dialogue; the message names the line, never its text.</exception>
    public static IReadOnlyList<Dialogue> ReadFile(string file)
    {
        if (!File.Exists(file))
        {
            throw new StorageException($"There is no file {file}.");
        }

        var dialogues = new List<Dialogue>();
        foreach (var (line, number) in File.ReadLines(file).Select((line, i) => (line, i + 1)).Where(l => l.line.Length > 0))
        {
            try
            {
                dialogues.Add(JsonSerializer.Deserialize<Dialogue>(line, Json) ?? throw new JsonException());
            }
            catch (JsonException)
            {
                throw new StorageException($"{file} line {number} is not a dialogue.");
            }
        }

        return dialogues;
    }
}

/// <param name="Role">patient or doctor.</param>
internal sealed record Turn(string Role, string Text);
