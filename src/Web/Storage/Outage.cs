using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Yizhen.Web.Storage;

/// <summary>
/// Tells a database that is away from a fault of ours. Entity Framework wraps what a cut connection throws, so the cause is looked for inside.
/// </summary>
internal static class Outage
{
    public static bool Is(Exception broken) =>
        broken is StorageException or DbException or DbUpdateException or TimeoutException or IOException
        || (broken.InnerException is { } cause && Is(cause));
}
