using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <param name="Title">The sentence.</param>
/// <param name="Code">usage or cannot_run.</param>
internal sealed record CommandProblem(string Type, string Title, string Code);

/// <summary>
/// What can go wrong with a machine, or with what was typed, is told in one sentence with exit code 2: on standard error, or with <c>--json</c> as a
/// problem on standard output. Anything else is a bug and shows itself.
/// </summary>
internal static class Sentence
{
    public const int CannotRun = 2;

    /// <summary>What a value should have been, said otherwise than by the name of a type.</summary>
    private static readonly (string Type, string Words)[] Kinds =
    [
        ("System.Int32", ": it is a whole number"), ("System.Nullable`1[System.Int32]", ": it is a whole number"), ("System.Double", ": it is a number"),
    ];

    public static async Task<int> OrAsync(ParseResult parsed, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (StorageException cannot)
        {
            return Tell(parsed, cannot.Message, "cannot_run");
        }
        catch (DbException broken)
        {
            return Tell(parsed, $"The database does not answer as it should: {broken.Message} Look for free space on its disk, and that it can be reached.", "cannot_run");
        }
        catch (Exception broken) when (broken is IOException and not FileNotFoundException or UnauthorizedAccessException)
        {
            return Tell(parsed, $"{broken.Message} Look at the disk and at who may write there.", "cannot_run");
        }
    }

    /// <exception cref="StorageException">Not a day.</exception>
    public static DateOnly? Day(string? text) => text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new StorageException($"{text} is not a day. Write it as 2020-01-24.");

    /// <summary>The help, under the name that people type.</summary>
    public static int Helped(ParseResult parsed)
    {
        using var help = new StringWriter();
        var code = parsed.Invoke(new InvocationConfiguration { Output = help });
        Console.Write(help.ToString().Replace(RootCommand.ExecutableName, "./yizhen", StringComparison.Ordinal));
        return code;
    }

    /// <summary>A flag or a word that the command does not know, or one that is missing.</summary>
    public static int Misused(ParseResult parsed)
    {
        var command = string.Join(' ', parsed.CommandResult.Command.Parents.OfType<Command>().Where(c => c is not RootCommand).Append(parsed.CommandResult.Command).Where(c => c is not RootCommand).Select(c => c.Name).Append("--help"));
        var what = parsed.UnmatchedTokens is [var unknown, ..]
            ? $"{unknown} is not known here"
            : Kinds.Aggregate(parsed.Errors[0].Message.TrimEnd('.'), (told, kind) => told.Replace($" as expected type '{kind.Type}'", kind.Words, StringComparison.Ordinal));
        return Tell(parsed, $"{what}. See ./yizhen {command}", "usage");
    }

    private static int Tell(ParseResult parsed, string sentence, string code)
    {
        // Messages of others may have several lines; one is enough for a log.
        var line = string.Join(' ', sentence.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (parsed.Tokens.Any(token => token.Value == "--json"))
        {
            Console.WriteLine(JsonSerializer.Serialize(new CommandProblem($"urn:yizhen:{code}", line, code), Faces.Json));
        }
        else
        {
            Console.Error.WriteLine(line);
        }

        return CannotRun;
    }
}
