using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace Yizhen.Web.Storage;

/// <summary>
/// Plain rows of every slice, through EF Core; each slice keeps its row and its mapping in its own folder.
/// The log's facts do not pass here. Times are UTC milliseconds, as in the tables.
/// </summary>
internal sealed class Database(DbContextOptions<Database> options) : DbContext(options)
{
    /// <summary>What the mapper would look for in each row and none of ours has: relations, inheritance, attributes. Half of the model's time at the start.</summary>
    private static readonly Type[] Unused =
    [
        typeof(BackingFieldAttributeConvention), typeof(BaseTypeDiscoveryConvention), typeof(CascadeDeleteConvention), typeof(CheckConstraintConvention),
        typeof(ComplexPropertyDiscoveryConvention), typeof(ComplexTypeAttributeConvention), typeof(ConcurrencyCheckAttributeConvention), typeof(DatabaseGeneratedAttributeConvention),
        typeof(DbSetFindingConvention), typeof(DeleteBehaviorAttributeConvention), typeof(DiscriminatorConvention), typeof(DiscriminatorLengthConvention),
        typeof(EntityTypeConfigurationAttributeConvention), typeof(ForeignKeyAttributeConvention), typeof(ForeignKeyIndexConvention), typeof(ForeignKeyPropertyDiscoveryConvention),
        typeof(IndexAttributeConvention), typeof(InversePropertyAttributeConvention), typeof(KeyAttributeConvention), typeof(KeylessAttributeConvention), typeof(ManyToManyJoinEntityTypeConvention),
        typeof(MaxLengthAttributeConvention), typeof(NavigationBackingFieldAttributeConvention), typeof(NavigationEagerLoadingConvention), typeof(NonNullableNavigationConvention),
        typeof(NotMappedMemberAttributeConvention), typeof(NotMappedTypeAttributeConvention), typeof(OwnedAttributeConvention), typeof(PrecisionAttributeConvention),
        typeof(RelationshipDiscoveryConvention), typeof(RequiredNavigationAttributeConvention), typeof(RequiredPropertyAttributeConvention), typeof(ServicePropertyDiscoveryConvention),
        typeof(StringLengthAttributeConvention), typeof(TimestampAttributeConvention), typeof(UnicodeAttributeConvention),
        typeof(EntitySplittingConvention), typeof(EntityTypeHierarchyMappingConvention), typeof(RelationalColumnAttributeConvention), typeof(RelationalColumnCommentAttributeConvention),
        typeof(RelationalDbFunctionAttributeConvention), typeof(RelationalMapToJsonConvention), typeof(RelationalNavigationJsonPropertyNameAttributeConvention),
        typeof(RelationalPropertyJsonPropertyNameAttributeConvention), typeof(RelationalQueryFilterRewritingConvention), typeof(RelationalTableAttributeConvention), typeof(RelationalTableCommentAttributeConvention),
        typeof(SequenceUniquificationConvention), typeof(SharedTableConvention), typeof(StoredProcedureConvention), typeof(TableNameFromDbSetConvention),
        typeof(TableSharingConcurrencyTokenConvention), typeof(TableValuedDbFunctionConvention), typeof(PropertyOverridesConvention),
    ];

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        foreach (var convention in Unused)
        {
            configurationBuilder.Conventions.Remove(convention);
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var mapped in typeof(Database).Assembly.GetCustomAttributes<MappedAttribute>())
        {
            mapped.In(modelBuilder);
        }
    }
}
