using System.Text.Json;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Statistics;

/// <summary>Where the counts of each hour and day are sent, from the file of <c>serve --upload</c>.</summary>
/// <param name="Url">Takes a POST and answers with 2xx once it has stored it.</param>
/// <param name="Secret">Signs each message; 16 letters or more.</param>
/// <param name="Sender">How the platform calls this deployment.</param>
internal sealed record UploadSettings(Uri Url, string Secret, string Sender)
{
    private const int FewestLetters = 16;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <exception cref="StorageException">The file cannot be read, or lacks something.</exception>
    public static UploadSettings ReadFile(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<UploadSettings>(File.ReadAllText(file), Strict) is { Url.Scheme: "https" or "http", Secret.Length: >= FewestLetters, Sender.Length: > 0 } settings
                ? settings
                : throw new StorageException($"--upload: {file} needs url (https), secret (at least {FewestLetters} letters) and sender.");
        }
        catch (Exception broken) when (broken is IOException or JsonException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new StorageException($"--upload: {file} cannot be used: {broken.Message}", broken);
        }
    }
}
