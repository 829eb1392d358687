using Microsoft.EntityFrameworkCore;

namespace Yizhen.Web.Storage;

/// <summary>
/// Stands beside a slice's mapping and names it. EF's own search looks at every type of the program, which a cold start would pay for.
/// A mapping that nobody names fails a test.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal abstract class MappedAttribute : Attribute
{
    public abstract void In(ModelBuilder model);
}

[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class MappedAttribute<TRow, TMapping> : MappedAttribute
    where TRow : class
    where TMapping : IEntityTypeConfiguration<TRow>, new()
{
    public override void In(ModelBuilder model) => model.ApplyConfiguration(new TMapping());
}
