using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Yizhen.Web.Storage;
using Yizhen.Web.Tests.Support;

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

    /// <summary>What the mapper is spared at the start, it would not have found: a row with a relation or an attribute needs its convention back.</summary>
    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public void Model_is_the_same_as_with_everything_searched(DatabaseKind kind)
    {
        var spared = new DbContextOptionsBuilder<Database>();
        var searched = new DbContextOptionsBuilder<Searched>();
        _ = kind == DatabaseKind.Sqlite ? spared.UseSqlite("Data Source=:memory:") : spared.UseNpgsql("Host=nowhere");
        _ = kind == DatabaseKind.Sqlite ? searched.UseSqlite("Data Source=:memory:") : searched.UseNpgsql("Host=nowhere");
        using var served = new Database(spared.Options);
        using var whole = new Searched(searched.Options);

        Assert.Equal(Shape(whole), Shape(served));
    }

    private static string Shape(DbContext context) => context.Model.ToDebugString(MetadataDebugStringOptions.LongDefault);

    private sealed class Searched(DbContextOptions<Searched> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            foreach (var mapped in typeof(Database).Assembly.GetCustomAttributes<MappedAttribute>())
            {
                mapped.In(modelBuilder);
            }
        }
    }
}
