using Microsoft.AspNetCore.Antiforgery;

namespace Yizhen.Web.Page;

/// <summary>A form as it was sent. <see cref="Trusted"/> is false when its token is missing or old: show the form again with what was written, and change nothing.</summary>
internal sealed class SentForm
{
    private readonly IFormCollection fields;

    private SentForm(IFormCollection fields, bool trusted)
    {
        this.fields = fields;
        Trusted = trusted;
    }

    public bool Trusted { get; }

    public IFormFileCollection Files => fields.Files;

    public IEnumerable<string> Names => fields.Keys;

    /// <summary>The first value of that name, trimmed; empty where there is none.</summary>
    public string this[string name] => fields[name] is [{ } first, ..] ? Text(first).Trim() : "";

    /// <summary>One of the names of <typeparamref name="T"/>, in any case; never a number, never two at once.</summary>
    public T? Choice<T>(string name)
        where T : struct, Enum =>
        Array.Find(Enum.GetNames<T>(), known => known.Equals(this[name], StringComparison.OrdinalIgnoreCase)) is { } known ? Enum.Parse<T>(known) : null;

    public bool Has(string name) => fields.ContainsKey(name);

    public IReadOnlyList<string> All(string name) => [.. fields[name].OfType<string>().Select(Text)];

    /// <summary>Without NUL, which nobody types and PostgreSQL does not take.</summary>
    private static string Text(string sent) => sent.Replace("\0", "", StringComparison.Ordinal);

    /// <summary>A multipart without its end is told as an I/O error of no number; a full disk has one.</summary>
    private static bool IsCutShort(Exception fault) => fault.GetType() == typeof(IOException) && fault.HResult == new IOException().HResult;

    /// <exception cref="BadHttpRequestException">Not a form, or too large.</exception>
    public static async Task<SentForm> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            throw new BadHttpRequestException("Not a form.", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            var fields = await http.Request.ReadFormAsync(http.RequestAborted);
            return new(fields, await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http));
        }
        catch (Exception malformed) when (malformed is InvalidDataException || IsCutShort(malformed))
        {
            throw new BadHttpRequestException("The form cannot be read.", StatusCodes.Status400BadRequest, malformed);
        }
    }
}
