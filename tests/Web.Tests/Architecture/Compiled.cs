using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Yizhen.Web.Tests.Architecture;

/// <summary>A type as compiled, and everything that it names: types by full name with the assembly they come from, and texts.</summary>
internal sealed record CompiledType(TypeDefinition Definition, Layer Layer, IReadOnlySet<Used> Uses, IReadOnlySet<string> Texts)
{
    public string Name => Definition.Name.Split('`')[0];
}

/// <param name="Type">Full name of the outermost type, without generic arity.</param>
/// <param name="From">The assembly, as the reference names it.</param>
internal sealed record Used(string Type, string From);

/// <summary>Our two assemblies, read as IL: closures, iterators and Razor pages are counted to the type that holds them.</summary>
internal static class Compiled
{
    public static readonly AssemblyDefinition RulesAssembly = Read("Yizhen.Rules.dll");
    public static readonly AssemblyDefinition WebAssembly = Read("Yizhen.Web.dll");

    /// <summary>Outermost types whose namespace is ours.</summary>
    public static readonly IReadOnlyList<CompiledType> Types = [.. new[] { RulesAssembly, WebAssembly }
        .SelectMany(a => a.MainModule.Types)
        .Select(t => (Type: t, Layer: Layer.Of(t.FullName)))
        .Where(t => t.Layer is not null)
        .Select(t => ReadType(t.Type, t.Layer!))];

    /// <summary>Types that somebody declared outside of our namespaces. What compilers and source generators write is not meant.</summary>
    public static IEnumerable<string> Strays() => new[] { RulesAssembly, WebAssembly }
        .SelectMany(a => a.MainModule.Types)
        .Where(t => Layer.Of(t.FullName) is null && !t.FullName.Contains('<', StringComparison.Ordinal)
            && !t.FullName.StartsWith("System.", StringComparison.Ordinal) && !t.FullName.StartsWith("Microsoft.", StringComparison.Ordinal))
        .Select(t => t.FullName);

    private static AssemblyDefinition Read(string file) => AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, file));

    private static CompiledType ReadType(TypeDefinition type, Layer place)
    {
        var uses = new HashSet<Used>();
        var texts = new HashSet<string>();
        Walk(type, uses, texts);
        return new(type, place, uses, texts);
    }

    private static void Walk(TypeDefinition type, HashSet<Used> uses, HashSet<string> texts)
    {
        Name(type.BaseType, uses);
        Attributes(type, uses);
        Parameters(type, uses);
        foreach (var one in type.Interfaces)
        {
            Name(one.InterfaceType, uses);
        }

        foreach (var field in type.Fields)
        {
            Name(field.FieldType, uses);
            Attributes(field, uses);
        }

        foreach (var property in type.Properties)
        {
            Name(property.PropertyType, uses);
            Attributes(property, uses);
        }

        foreach (var method in type.Methods)
        {
            Signature(method, uses);
            Attributes(method, uses);
            Parameters(method, uses);
            foreach (var parameter in method.Parameters)
            {
                Attributes(parameter, uses);
            }

            if (method.HasBody)
            {
                Body(method.Body, uses, texts);
            }
        }

        foreach (var nested in type.NestedTypes)
        {
            Walk(nested, uses, texts);
        }
    }

    private static void Body(MethodBody body, HashSet<Used> uses, HashSet<string> texts)
    {
        foreach (var variable in body.Variables)
        {
            Name(variable.VariableType, uses);
        }

        foreach (var handler in body.ExceptionHandlers)
        {
            Name(handler.CatchType, uses);
        }

        foreach (var instruction in body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference used:
                    Name(used, uses);
                    break;
                case MethodReference called:
                    Name(called.DeclaringType, uses);
                    Signature(called, uses);
                    break;
                case FieldReference field:
                    Name(field.DeclaringType, uses);
                    Name(field.FieldType, uses);
                    break;
                case string text when instruction.OpCode == OpCodes.Ldstr:
                    texts.Add(text);
                    break;
            }
        }
    }

    private static void Signature(MethodReference method, HashSet<Used> uses)
    {
        Name(method.ReturnType, uses);
        foreach (var parameter in method.Parameters)
        {
            Name(parameter.ParameterType, uses);
        }

        foreach (var argument in (method as GenericInstanceMethod)?.GenericArguments ?? [])
        {
            Name(argument, uses);
        }
    }

    private static void Parameters(IGenericParameterProvider generic, HashSet<Used> uses)
    {
        foreach (var constraint in generic.GenericParameters.SelectMany(p => p.Constraints))
        {
            Name(constraint.ConstraintType, uses);
        }
    }

    private static void Attributes(ICustomAttributeProvider attributed, HashSet<Used> uses)
    {
        foreach (var attribute in attributed.CustomAttributes)
        {
            Name(attribute.AttributeType, uses);
            foreach (var argument in attribute.ConstructorArguments.Concat(attribute.Properties.Select(p => p.Argument)))
            {
                Name(argument.Type, uses);
                Name(argument.Value as TypeReference, uses);
            }
        }
    }

    private static void Name(TypeReference? type, HashSet<Used> uses)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                Name(generic.ElementType, uses);
                foreach (var argument in generic.GenericArguments)
                {
                    Name(argument, uses);
                }

                return;
            case IModifierType modified:
                Name(modified.ElementType, uses);
                Name(modified.ModifierType, uses);
                return;
            case TypeSpecification wrapped:
                Name(wrapped.ElementType, uses);
                return;
        }

        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        uses.Add(new(type.FullName.Split('`')[0], type.Scope.Name));
    }
}
