using System.Text.Json;
using System.Text.Json.Serialization;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <summary>What setup is told, by flags, by a file, or by whoever sits at the terminal. Null: not said.</summary>
internal sealed record SetupAnswers
{
    private static readonly JsonSerializerOptions Strict = new(Faces.Json) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public string? Data { get; init; }

    public string? Database { get; init; }

    public string? State { get; init; }

    public string? Key { get; init; }

    public string? Zone { get; init; }

    public string? AuthorityKey { get; init; }

    public bool? SignShipped { get; init; }

    public string? OrganisationZh { get; init; }

    public string? OrganisationEn { get; init; }

    public string? Province { get; init; }

    public string? BaseUrl { get; init; }

    public string? Messages { get; init; }

    public string? TestNumber { get; init; }

    public string? Standby { get; init; }

    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    public string? Proxy { get; init; }

    public string? User { get; init; }

    public string? ImpactAssessment { get; init; }

    public int? NetworkLogDays { get; init; }

    /// <exception cref="StorageException">The file cannot be read, or holds a name that setup does not know.</exception>
    public static SetupAnswers ReadFile(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<SetupAnswers>(File.ReadAllText(file), Strict) ?? throw new JsonException("empty");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new StorageException($"The answers in {file} cannot be used: {broken.Message}", broken);
        }
    }

    /// <summary>A flag wins over the file.</summary>
    public SetupAnswers Over(SetupAnswers file) => new()
    {
        Data = Data ?? (Database is null ? file.Data : null),
        Database = Database ?? (Data is null ? file.Database : null),
        State = State ?? file.State,
        Key = Key ?? file.Key,
        Zone = Zone ?? file.Zone,
        AuthorityKey = AuthorityKey ?? file.AuthorityKey,
        SignShipped = SignShipped ?? file.SignShipped,
        OrganisationZh = OrganisationZh ?? file.OrganisationZh,
        OrganisationEn = OrganisationEn ?? file.OrganisationEn,
        Province = Province ?? file.Province,
        BaseUrl = BaseUrl ?? file.BaseUrl,
        Messages = Messages ?? file.Messages,
        TestNumber = TestNumber ?? file.TestNumber,
        Standby = Standby ?? file.Standby,
        TlsCertificate = TlsCertificate ?? file.TlsCertificate,
        TlsKey = TlsKey ?? file.TlsKey,
        Proxy = Proxy ?? file.Proxy,
        User = User ?? file.User,
        ImpactAssessment = ImpactAssessment ?? file.ImpactAssessment,
        NetworkLogDays = NetworkLogDays ?? file.NetworkLogDays,
    };

    /// <summary>Asks at the terminal for what was not said. An empty answer takes what stands in brackets, or leaves it open.</summary>
    public SetupAnswers Ask(TextReader answers, TextWriter questions)
    {
        var data = Data;
        var database = Database;
        if (data is null && database is null)
        {
            database = Read("PostgreSQL connection (empty: an embedded database in a folder)", null);
            data = database is null ? Read("Data folder", "/var/lib/yizhen/data") : null;
        }

        return this with
        {
            Data = data,
            Database = database,
            State = State ?? Read("Folder for what must lie outside the database (erasure list, signed protocols)", "/var/lib/yizhen/state"),
            Key = Key ?? Read("File of the deployment key (made if it is not there)", "/etc/yizhen/deployment.key"),
            Zone = Zone ?? Read("Time zone of days and opening hours", SetupSteps.DefaultZone),
            AuthorityKey = AuthorityKey ?? Read("File for the authority's private signing key; the authority keeps it elsewhere", "/root/yizhen-authority.key.pem"),
            OrganisationZh = OrganisationZh ?? Read("Name of your organisation, in Chinese", null),
            OrganisationEn = OrganisationEn ?? Read("Name of your organisation, in English", null),
            Province = Province ?? Read("Its province (two digits, Hubei is 42)", null),
            BaseUrl = BaseUrl ?? Read("Address that people will open, for example https://yizhen.example.cn", null),
            Messages = Messages ?? Read("File that describes the gateway for short messages (empty: later)", null),
            TestNumber = TestNumber ?? Read("Your own number for a test message (empty: none)", null),
            Standby = Standby ?? Read("Standby number, rung when urgency 1 has no doctor (empty: later)", null),
            TlsCertificate = TlsCertificate ?? (Proxy is null ? Read("TLS certificate, PEM (empty: behind a proxy)", null) : null),
        } is var told && told.TlsCertificate is null
            ? told with { Proxy = Proxy ?? Read("Address of the proxy in front", "127.0.0.1") }
            : told with { TlsKey = TlsKey ?? Read("TLS key, PEM", null) };

        string? Read(string question, string? usual)
        {
            questions.Write(usual is null ? $"{question}: " : $"{question} [{usual}]: ");
            return answers.ReadLine()?.Trim() is { Length: > 0 } answer ? answer : usual;
        }
    }
}
