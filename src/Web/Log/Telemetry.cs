using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Yizhen.Web.Log;

/// <summary>
/// What the product measures of itself, under names that hold no person's data. Sent by OpenTelemetry where
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector; nothing leaves the machine otherwise.
/// </summary>
internal sealed class Telemetry : IDisposable
{
    public const string Name = "Yizhen";

    private readonly Meter meter = new(Name);
    private readonly MeterProvider? metrics;
    private readonly TracerProvider? traces;

    public Telemetry()
    {
        Stored = meter.CreateHistogram<double>("yizhen.log.stored", "ms", "From decision to flushed.");
        Batch = meter.CreateHistogram<int>("yizhen.log.batch", "{decisions}", "Decisions in one commit.");
        Assigned = meter.CreateCounter<long>("yizhen.dispatch.assigned", "{consultations}", "Given to a clinician.");
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 })
        {
            metrics = Sdk.CreateMeterProviderBuilder().AddMeter(Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel").AddOtlpExporter().Build();
            traces = Sdk.CreateTracerProviderBuilder().AddSource(Name).AddOtlpExporter().Build();
        }
    }

    public static ActivitySource Source { get; } = new(Name);

    public Histogram<double> Stored { get; }

    public Histogram<int> Batch { get; }

    public Counter<long> Assigned { get; }

    public void Dispose()
    {
        metrics?.Dispose();
        traces?.Dispose();
        meter.Dispose();
    }
}
