using Mono.Cecil;

namespace Yizhen.Web.Tests.Architecture;

/// <summary>Names that say nothing, and kinds of code that we do without.</summary>
public sealed class NamingTests
{
    private static readonly string[] Empty =
        ["Service", "Manager", "Helper", "Helpers", "Util", "Utils", "Processor", "Handler", "Impl", "Base", "Dto", "Repository", "Info", "Data"];

    [Fact]
    public void Type_name_says_what_the_type_is()
    {
        var wrong =
            from type in Compiled.Types.SelectMany(t => Nested(t.Definition))
            where !type.Name.Contains('<', StringComparison.Ordinal)
            let name = Bare(type)
            let ending = Empty.FirstOrDefault(word => name.EndsWith(word, StringComparison.Ordinal))
            where ending is not null && !FrameworkAsksForIt(type, ending)
            select $"{type.FullName} ends in {ending}: name it after what it is or does.";
        Law.Holds(wrong);
    }

    [Fact]
    public void Exported_type_of_web_is_one_that_the_outside_needs() =>
        Law.Holds(Compiled.Types
            .Where(t => t.Layer.Assembly == "Web" && t.Definition is { IsPublic: true, IsAbstract: false, IsSealed: false, IsInterface: false })
            .Where(t => t.Definition.Name is not ("Program" or "_Imports") && !IsComponent(t.Definition))
            .Select(t => $"{t.Definition.FullName} is public and open: make it internal sealed."));

    private static IEnumerable<TypeDefinition> Nested(TypeDefinition type) => type.NestedTypes.SelectMany(Nested).Prepend(type);

    private static string Bare(TypeReference type) => type.Name.Split('`')[0];

    /// <summary>A framework's own base type or interface carries the word, for example AuthenticationHandler.</summary>
    private static bool FrameworkAsksForIt(TypeDefinition type, string ending) =>
        type.Interfaces.Select(i => i.InterfaceType).Append(type.BaseType)
            .Any(above => above is not null && Layer.Of(above.FullName) is null && Bare(above).EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Razor makes its classes public.</summary>
    private static bool IsComponent(TypeDefinition type)
    {
        for (var above = type.BaseType; above is not null; above = Layer.Of(above.FullName) is null ? null : above.Resolve().BaseType)
        {
            if (Bare(above) is "ComponentBase" or "LayoutComponentBase")
            {
                return true;
            }
        }

        return false;
    }
}
