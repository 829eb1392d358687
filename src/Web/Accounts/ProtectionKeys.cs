using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>The framework's keys (antiforgery) in our own table, so that every node reads a form that another has written. Sealed like the rest.</summary>
internal sealed class ProtectionKeys(IDbContextFactory<Database> databases, Vault vault, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var database = databases.CreateDbContext();
        return [.. database.Set<ProtectionKeyRow>().AsNoTracking().OrderBy(k => k.CreatedAt).AsEnumerable()
            .Select(k => XElement.Parse(Encoding.UTF8.GetString(vault.Unwrap(k.Sealed, k.Id))))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        using var database = databases.CreateDbContext();
        database.Add(new ProtectionKeyRow { Id = id, CreatedAt = now.Ms(), Sealed = vault.Wrap(Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting)), id) });
        database.SaveChanges();
    }
}
