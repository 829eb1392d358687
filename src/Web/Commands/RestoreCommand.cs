using System.CommandLine;
using System.Text.Json;
using Yizhen.Web.Log;
using Yizhen.Web.Page;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Commands;

/// <param name="BackTo">When the backup was made: what came after it is not there.</param>
/// <param name="ErasedAgain">Consultations of people who had been erased since.</param>
internal sealed record Restored(DateTimeOffset BackTo, long Consultations, long Facts, int ErasedAgain);

/// <summary>
/// <c>./yizhen restore FROM</c>: into an empty folder or database. Whoever was erased stays erased: the newest erasure list is applied before
/// anything may be served, and without it nothing is.
/// </summary>
internal static class RestoreCommand
{
    public static Command Build()
    {
        var from = new Argument<string>("from") { Description = "Folder of a backup." };
        var where = new Where();
        var erasures = new Option<string?>("--erasures") { Description = "The newest erasure list (erasures.log), unless it lies in the state folder already." };
        var anchors = new Option<string?>("--anchors") { Description = "Folder of the anchors: how far back this restore goes is written there." };
        var json = new Option<bool>("--json") { Description = "What was restored, as one JSON object." };
        var command = new Command("restore", "Fills an empty folder or database from a backup; the erasure list first.") { from, erasures, anchors, json };
        where.AddTo(command);
        command.SetAction((parsed, ct) => Sentence.OrAsync(parsed, async () =>
        {
            var place = where.Read(parsed);
            var done = await RunAsync(place, Path.GetFullPath(parsed.GetRequiredValue(from)), parsed.GetValue(erasures), parsed.GetValue(anchors), TimeProvider.System.GetUtcNow(), ct);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(done, Faces.Json)
                : $"{done.Facts} facts of {done.Consultations} consultations, as of {done.BackTo:u}. {done.ErasedAgain} consultations of erased people were erased again.");
            return 0;
        }));
        return command;
    }

    internal static async Task<Restored> RunAsync(Place place, string folder, string? erasures, string? anchors, DateTimeOffset now, CancellationToken ct)
    {
        using var held = place.Hold();
        var set = await BackupSet.ReadAsync(folder, ct);
        var list = await ErasuresAsync(place, folder, erasures, ct);
        var kind = Enum.Parse<DeploymentKind>(set.Kind, ignoreCase: true);
        var engine = place.Engine();
        if (engine.Name != set.Engine)
        {
            throw new StorageException($"This is a backup of {set.Engine}, and cannot be restored into {engine.Name}.");
        }

        await Console.Error.WriteLineAsync("Copying ...");
        await engine.CopyInAsync(folder, set.Schema, ct);
        var deployment = await Deployment.OpenAsync(place, kind, make: false, "", now, ct, restoring: true);
        await Console.Error.WriteLineAsync($"Applying the erasure list ({list.Count} people) ...");
        var erased = await EraseAsync(deployment, list, now, ct);
        await Console.Error.WriteLineAsync("Verifying ...");
        var verified = await new Verification(deployment.Engine, deployment.Vault).RunAsync(n => Console.Error.Write($"\r{n} facts"), ct);
        if (verified.Broken is { } broken)
        {
            throw new StorageException($"The backup does not hold, and is not served: {broken}");
        }

        if (anchors is not null)
        {
            await Anchors.RestoredAsync(deployment, anchors, set.MadeAt, now, ct);
        }

        await using var connection = await deployment.Engine.OpenAsync(ct);
        await using var clear = connection.CreateCommand();
        clear.CommandText = Scripts.ClearPending;
        await clear.ExecuteNonQueryAsync(ct);
        return new Restored(set.MadeAt, verified.Consultations, verified.Facts, erased);
    }

    /// <summary>The newest list holds everything that the backup's own copy holds; otherwise it is an older one, or another deployment's.</summary>
    private static async Task<IReadOnlyDictionary<Guid, List<Guid>>> ErasuresAsync(Place place, string folder, string? given, CancellationToken ct)
    {
        if (given is not null && !File.Exists(given))
        {
            throw new StorageException($"There is no file {given}.");
        }

        if (given is null && !File.Exists(place.ErasureList))
        {
            throw new StorageException($"The erasure list is missing, and without it erased people would come back. Put the newest one at {place.ErasureList}, or name it with --erasures FILE.");
        }

        var lines = await File.ReadAllLinesAsync(given ?? place.ErasureList, ct);
        var then = Path.Combine(folder, BackupSet.ErasureCopy);
        if (File.Exists(then) && (await File.ReadAllLinesAsync(then, ct)).Except(lines).Any())
        {
            throw new StorageException($"{given ?? place.ErasureList} is older than the backup, or belongs to another deployment. Give the newest erasure list.");
        }

        if (given is not null && Path.GetFullPath(given) != place.ErasureList)
        {
            Directory.CreateDirectory(place.Folder);
            File.Copy(given, place.ErasureList, overwrite: true);
        }

        var people = new Dictionary<Guid, List<Guid>>();
        foreach (var line in lines.Where(l => l.Length > 0))
        {
            if (line.Split(' ') is not [_, var account, var consultation, _] || !Guid.TryParse(account, out var who))
            {
                throw new StorageException("The erasure list cannot be read. Give the file that the deployment wrote (erasures.log).");
            }

            var theirs = people.TryGetValue(who, out var known) ? known : people[who] = [];
            if (Guid.TryParse(consultation, out var id))
            {
                theirs.Add(id);
            }
        }

        return people;
    }

    private static async Task<int> EraseAsync(Deployment deployment, IReadOnlyDictionary<Guid, List<Guid>> list, DateTimeOffset now, CancellationToken ct)
    {
        if (list.Count == 0)
        {
            return 0;
        }

        // The product's own composition, not listening: the same erasure as a person's own.
        await using var site = Site.Build(deployment, "http://127.0.0.1:0");
        var lanes = site.Services.GetRequiredService<Lanes>();
        await lanes.StartAsync(ct);
        var erasure = site.Services.GetRequiredService<Erasure>();
        var erased = 0;
        foreach (var (account, consultations) in list)
        {
            erased += await erasure.EraseAgainAsync(account, consultations, now, ct);
        }

        await lanes.StopAsync(ct);
        return erased;
    }
}
