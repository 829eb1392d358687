using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace Yizhen.Web.Storage;

/// <summary>
/// Plain rows of every slice, through EF Core; each slice keeps its row and its mapping in its own folder.
/// The log's facts do not pass here. Times are UTC milliseconds, as in the tables.
/// </summary>
internal sealed class Database(DbContextOptions<Database> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var mapped in typeof(Database).Assembly.GetCustomAttributes<MappedAttribute>())
        {
            mapped.In(modelBuilder);
        }
    }
}
