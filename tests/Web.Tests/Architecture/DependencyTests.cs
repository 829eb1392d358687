using Mono.Cecil;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Architecture;

/// <summary>The dependency table, held over IL.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Providers = ["Npgsql", "Microsoft.Data.Sqlite", "SQLitePCLRaw", "Microsoft.EntityFrameworkCore.Sqlite"];

    [Fact]
    public void Folder_uses_only_what_the_table_allows()
    {
        var wrong =
            from type in Compiled.Types
            from used in type.Uses
            let to = Layer.Of(used.Type)
            where to is not null
            let why = Layers.Forbids(type.Layer, to)
            where why is not null
            select $"{type.Definition.FullName} uses {used.Type}: {why}.";
        Law.Holds(wrong);
    }

    [Fact]
    public void Folder_stands_in_the_table()
    {
        var declared = Compiled.Types.Select(t => t.Layer);
        var onDisk =
            from assembly in (string[])["Rules", "Web"]
            from folder in Directory.GetDirectories(Checkout.At("src", assembly))
            let name = Path.GetFileName(folder)
            where name is not ("bin" or "obj" or "Properties")
            select new Layer(assembly, name);
        Law.Holds(declared.Concat(onDisk).Distinct()
            .Where(place => !(place.Assembly == "Rules" ? Layers.Rules : Layers.Web).ContainsKey(place.Folder))
            .Select(place => $"{place} is missing from the table in Layers.cs: say what it may use."));
    }

    [Fact]
    public void Type_stands_in_one_of_our_namespaces() =>
        Law.Holds(Compiled.Strays().Select(name => $"{name} stands outside of Yizhen.Rules and Yizhen.Web."));

    [Fact]
    public void Table_names_only_folders_it_has_rows_for()
    {
        static IEnumerable<string> Unknown(IReadOnlyDictionary<string, string[]> table) =>
            table.SelectMany(row => row.Value).Where(to => to != "*" && !table.ContainsKey(to));
        Law.Holds(Unknown(Layers.Rules).Concat(Unknown(Layers.Web)).Select(name => $"Layers.cs allows {name}, which has no row."));
    }

    [Fact]
    public void Rules_reference_only_the_framework()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Law.Holds(Compiled.RulesAssembly.MainModule.AssemblyReferences
            .Where(reference => !File.Exists(Path.Combine(framework, reference.Name + ".dll")))
            .Select(reference => $"Rules reference {reference.Name}, which is not part of the base class library."));
    }

    [Fact]
    public void Database_providers_are_used_only_by_storage_and_the_bell()
    {
        var wrong =
            from type in Compiled.Types
            where type.Layer != new Layer("Web", "Storage") && !IsBell(type)
            from used in type.Uses
            where Providers.Any(provider => used.From.StartsWith(provider, StringComparison.Ordinal) || used.Type.StartsWith(provider, StringComparison.Ordinal))
            select $"{type.Definition.FullName} uses {used.Type} of {used.From}: it belongs into Storage or the log's bell.";
        Law.Holds(wrong);
    }

    [Fact]
    public void Facts_are_touched_only_by_the_log()
    {
        // By type and by table: SQL written by hand would pass a check of types alone.
        var wrong =
            from type in Compiled.Types
            where type.Layer is not { Assembly: "Web", Folder: "Log" or "Storage" or "Commands" or Layers.Root } and not { Assembly: "Rules" }
            let row = type.Uses.Any(used => used.Type == "Yizhen.Web.Log.FactRow")
            let sql = type.Texts.FirstOrDefault(text => Law.FactTable().IsMatch(text))
            where row || sql is not null
            select $"{type.Definition.FullName} touches the log's rows ({sql ?? "FactRow"}): ask ConsultationLog.";
        Law.Holds(wrong);
    }

    [Fact]
    public void Interface_has_two_implementations_or_does_not_exist()
    {
        var all = Compiled.Types.SelectMany(t => Nested(t.Definition)).ToList();
        var implemented = all.Where(t => t is { IsInterface: false, IsAbstract: false }).SelectMany(t => Interfaces(t).Distinct()).ToLookup(name => name);
        Law.Holds(all.Where(t => t.IsInterface && implemented[t.FullName].Count() < 2)
            .Select(t => $"{t.FullName} has {implemented[t.FullName].Count()} implementations: an interface needs two that exist today."));
    }

    private static bool IsBell(CompiledType type) =>
        type.Layer == new Layer("Web", "Log") && type.Name.StartsWith("Bell", StringComparison.Ordinal);

    private static IEnumerable<TypeDefinition> Nested(TypeDefinition type) => type.NestedTypes.SelectMany(Nested).Prepend(type);

    private static IEnumerable<string> Interfaces(TypeDefinition type)
    {
        var own = type.Interfaces.Select(i => i.InterfaceType.GetElementType().FullName);
        var inherited = type.BaseType is { } up && Layer.Of(up.FullName) is not null ? Interfaces(up.Resolve()) : [];
        return own.Concat(inherited);
    }
}
