using Yizhen.Web.Storage;

namespace Yizhen.Web.Tests.Storage;

public sealed class PlaceTests
{
    [Fact]
    public void Folder_is_served_by_one_process_and_free_again_when_that_one_ends()
    {
        var folder = Directory.CreateTempSubdirectory("yizhen-place-").FullName;
        var place = Place.From(folder, null, null, null);
        using (place.Hold())
        {
            var told = Assert.Throws<StorageException>(() => place.Hold());
            Assert.Contains("in use by another process", told.Message, StringComparison.Ordinal);
        }

        using var again = place.Hold();
        Assert.NotNull(again);
        again.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Database_on_a_server_may_have_many_processes() =>
        Assert.Null(Place.From(null, "Host=localhost;Database=x", null, null).Hold());
}
