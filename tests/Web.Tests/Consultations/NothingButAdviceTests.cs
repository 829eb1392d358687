using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Tests.Architecture;
using Yizhen.Web.Tests.Support;

namespace Yizhen.Web.Tests.Consultations;

/// <summary>Light consultation has no place where a diagnosis, a prescription or a certificate could be written (CN-FV-06, CN-DOC-10).</summary>
public sealed partial class NothingButAdviceTests
{
    [Fact]
    public async Task No_endpoint_is_named_for_a_diagnosis_a_prescription_or_a_certificate()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        var routes = site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText ?? "").ToList();
        Assert.True(routes.Count > 80, $"Only {routes.Count} endpoints were found.");
        Law.Holds(routes.Where(r => Forbidden().IsMatch(r)).Select(r => $"{r} is an endpoint that light consultation cannot have."));
    }

    [Fact]
    public async Task No_path_parameter_or_member_of_the_described_interface_is_named_so()
    {
        await using var site = await TestSite.StartAsync(DatabaseKind.Sqlite);
        using var reader = site.NewPerson();
        var described = JsonNode.Parse(await reader.GetStringAsync("/openapi/v1.json"));
        var names = Names(described).Distinct().ToList();
        Assert.True(names.Count > 300, $"Only {names.Count} names stand in the description.");
        Law.Holds(names.Where(n => Forbidden().IsMatch(n)).Select(n => $"{n} stands in the description of the interface, and light consultation has no such thing."));

        static IEnumerable<string> Names(JsonNode? node) => node switch
        {
            JsonObject many => many.SelectMany(m => Names(m.Value).Prepend(m.Key)).Concat(many["name"] is JsonValue name ? [name.ToString()] : []),
            JsonArray list => list.SelectMany(Names),
            _ => [],
        };
    }

    [Fact]
    public void No_body_fact_or_stored_column_is_named_so()
    {
        // Everything that the door reads or the log keeps is a type of ours. Regulation names what is forbidden; the certificates of commands and settings are those of TLS.
        var members =
            from assembly in new[] { typeof(Fact).Assembly, Assembly.Load("Yizhen.Web") }
            from type in assembly.GetTypes()
            where type.Namespace is { } space && space.Split('.') is [_, "Rules", not "Regulation", ..] or [_, "Web", not ("Commands" or "Storage"), ..]
            from member in type.GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            select $"{type.Name}.{member.Name}";
        var columns = SourceFile.All.Where(f => f.Path.EndsWith(".sql", StringComparison.Ordinal)).SelectMany(f => f.Text.Split('\n').Select(line => $"{f.Path}: {line.Trim()}"));
        Law.Holds(members.Concat(columns).Where(m => Forbidden().IsMatch(m)).Select(m => $"{m}: light consultation has no such field."));
    }

    [Fact]
    public void No_form_has_a_field_and_no_page_a_template_named_so()
    {
        var pages = SourceFile.All.Where(f => f.Path.StartsWith("src/Web/", StringComparison.Ordinal) && f.Path.EndsWith(".razor", StringComparison.Ordinal)).ToList();
        Assert.True(pages.Count > 40, $"Only {pages.Count} pages were found.");
        Law.Holds(
            from page in pages
            from name in FieldName().Matches(page.Text).Select(m => m.Groups["name"].Value).Prepend(Path.GetFileNameWithoutExtension(page.Path))
            where Forbidden().IsMatch(name)
            select $"{page.Path}: '{name}' is a field that light consultation cannot have.");
    }

    [Fact]
    public void Consultation_opens_in_light_mode_and_in_no_other() =>
        Assert.Equal(["LightConsultation"], Enum.GetNames<ServiceMode>());

    [GeneratedRegex("diagnos|prescri|certificate|medication|sick_?note|处方|诊断|证明", RegexOptions.IgnoreCase)]
    private static partial Regex Forbidden();

    [GeneratedRegex("(?:name|id|action|formaction)=\"(?<name>[^\"@]+)\"")]
    private static partial Regex FieldName();
}
