using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Tests.Storage;

/// <summary>A mapping that nobody named would be found out by the first query of its row, in front of a person.</summary>
public sealed class MappedTests
{
    [Fact]
    public void Every_mapping_stands_in_the_list()
    {
        var written = typeof(Database).Assembly.GetTypes()
            .SelectMany(type => type.GetInterfaces()
                .Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEntityTypeConfiguration<>))
                .Select(face => (Row: face.GenericTypeArguments[0].Name, Mapping: type.Name)));
        var named = typeof(Database).Assembly.GetCustomAttributes<MappedAttribute>()
            .Select(mapped => mapped.GetType().GenericTypeArguments)
            .Select(of => (Row: of[0].Name, Mapping: of[1].Name));

        Assert.NotEmpty(written);
        Assert.Equal(written.Order(), named.Order());
    }
}
