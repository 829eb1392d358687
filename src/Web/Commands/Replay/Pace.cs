using System.Globalization;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands.Replay;

/// <summary>How fast virtual people write: as people do times a factor, or without any pause.</summary>
internal sealed record Pace(double? Times)
{
    /// <summary>60 characters a minute, on a phone or by a clinician (demand notes, section 5).</summary>
    private const double SecondsPerCharacter = 1;

    /// <exception cref="StorageException">Neither "max" nor a number above 0.</exception>
    public static Pace From(string speed) =>
        speed == "max" ? new Pace((double?)null)
        : double.TryParse(speed, CultureInfo.InvariantCulture, out var times) && times > 0 ? new Pace(times)
        : throw new StorageException("--speed is a number above 0, or max.");

    public Task Write(string text, CancellationToken ct) =>
        Times is { } times ? Task.Delay(TimeSpan.FromSeconds(text.Length * SecondsPerCharacter / times), ct) : Task.CompletedTask;
}
