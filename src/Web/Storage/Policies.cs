using System.Reflection;
using System.Text;

namespace Yizhen.Web.Storage;

/// <summary>The policy files that ship with the program. Clinical numbers and legal permissions live there, never in code.</summary>
internal static class Policies
{
    public static string Text(string file)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var stream = assembly.GetManifestResourceStream($"policies/{file}") ?? throw new StorageException($"The policy file {file} is missing from this program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
