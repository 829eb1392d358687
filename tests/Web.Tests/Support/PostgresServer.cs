using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Yizhen.Web.Tests.Support;

/// <summary>
/// A PostgreSQL of our own: made when the first test needs it, on a free port of this machine, gone with the process
/// that asked for it, however that process ends. A small shell script holds the server and reads our end of a pipe;
/// when the pipe closes, it stops the server and removes the folder. Where the programs are missing, tests fail; none is skipped.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Holder = """
        set -e
        bin=$1 dir=$2 port=$3 fsync=$4
        trap '' INT TERM HUP
        "$bin/initdb" -D "$dir/db" -U yizhen -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/log" 2>&1
        "$bin/postgres" -D "$dir/db" -p "$port" -h 127.0.0.1 -k "$dir" -c fsync="$fsync" -c max_connections=200 -c log_min_messages=warning >>"$dir/log" 2>&1 &
        server=$!
        cat >/dev/null
        kill -INT $server 2>/dev/null || true
        wait $server || true
        rm -rf "$dir"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Task<PostgresServer>> Shared = new(() => StartAsync(durable: false));

    private readonly Process holder;
    private readonly string folder;
    private int databases;

    private PostgresServer(Process holder, string folder, int port)
    {
        this.holder = holder;
        this.folder = folder;
        Port = port;
    }

    public int Port { get; }

    /// <summary>The one server of this test run. It does not flush: never measure on it, never pull its plug.</summary>
    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    /// <param name="durable">True: flushes as in service, for measurements and for tests that kill it.</param>
    public static async Task<PostgresServer> StartAsync(bool durable)
    {
        var programs = Programs();
        var folder = Directory.CreateTempSubdirectory("yizhen-pg-").FullName;
        var port = Product.FreePort();
        string[] script = ["sh", "-c", Holder, "sh", programs, folder, port.ToString(CultureInfo.InvariantCulture), durable ? "on" : "off"];

        // PostgreSQL refuses root; Debian's package brings the user postgres.
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", "postgres", folder);
            script = ["runuser", "-u", "postgres", "--", .. script];
        }

        var holder = Process.Start(new ProcessStartInfo(script[0], script[1..]) { RedirectStandardInput = true, WorkingDirectory = folder })
            ?? throw new InvalidOperationException("The shell that holds PostgreSQL did not start.");
        var server = new PostgresServer(holder, folder, port);
        await server.AnsweringAsync();
        return server;
    }

    /// <returns>The connection string of a new, empty database.</returns>
    /// <param name="kind">As after <c>create database NAME</c>: encoding, locale.</param>
    public async Task<string> CreateDatabaseAsync(string kind = "")
    {
        var name = $"t{Interlocked.Increment(ref databases).ToString(CultureInfo.InvariantCulture)}";
        await ExecuteAsync($"create database {name} {kind}");
        return ConnectionTo(name);
    }

    public async Task DropDatabaseAsync(string connection)
    {
        await using (var pooled = new NpgsqlConnection(connection))
        {
            NpgsqlConnection.ClearPool(pooled);
        }

        await ExecuteAsync($"drop database {new NpgsqlConnectionStringBuilder(connection).Database} with (force)");
    }

    public async ValueTask DisposeAsync()
    {
        holder.StandardInput.Close();
        using var timeout = new CancellationTokenSource(Patience);
        await holder.WaitForExitAsync(timeout.Token);
        holder.Dispose();
    }

    private string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = "yizhen", Database = database }.ToString();

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private async Task AnsweringAsync()
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await ExecuteAsync("select 1");
                return;
            }
            catch (NpgsqlException) when (!holder.HasExited && started.Elapsed < Patience)
            {
                await Task.Delay(50);
            }
            catch (NpgsqlException error)
            {
                var log = Path.Combine(folder, "log");
                throw new InvalidOperationException($"PostgreSQL did not start. Its log: {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "none")}", error);
            }
        }
    }

    private static string Programs()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var version) ? version : 0).Select(d => Path.Combine(d, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return debian.Concat(path).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")) && File.Exists(Path.Combine(bin, "postgres")))
            ?? throw new InvalidOperationException("PostgreSQL's programs (initdb, postgres) are missing: install Debian's package postgresql, or run ./test as root, which does.");
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{program} {string.Join(' ', arguments)}' failed: is Debian's package postgresql installed?");
        }
    }
}
