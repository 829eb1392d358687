using System.Linq.Expressions;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

/// <summary>What can be asked for. Content of a consultation is split by what is shown, so that a role can see less than all of it.</summary>
internal enum Resource
{
    /// <summary>Pages and texts for everybody.</summary>
    Public,
    Door,
    Summary,
    Intake,
    Messages,
    Photo,
    Replies,
    Drafts,
    Queue,
    Assignment,
    Advice,
    Closing,
    Worry,
    SeenMarks,
    Contact,
    OwnData,
    Desk,
    Duty,
    Board,
    Ledger,
    Campaign,
    Invitation,
    SignIn,
    DemoTools,
}

internal enum Act
{
    List,
    Read,
    Create,
    Change,
    Transition,
    Assign,
    Export,
    Erase,
}

/// <summary>Which consultations a yes reaches.</summary>
internal enum Relation
{
    /// <summary>No.</summary>
    None,

    /// <summary>The person who is ill belongs to this account.</summary>
    Own,

    /// <summary>Assigned to this clinician now.</summary>
    Assigned,

    /// <summary>Not about one consultation, or headers and counts only.</summary>
    Any,
}

/// <summary>
/// The one table of who may do what: subject, resource, action, relation. Evaluated where the data is read: as a filter of a query,
/// as the check of a row, and again for each item of a stream. What is not in the table is no.
/// </summary>
internal static class Policy
{
    private static readonly Role[] Everybody = Enum.GetValues<Role>();
    private static readonly Role[] Clinicians = [Role.Physician, Role.AssistantPhysician, Role.Nurse, Role.Pharmacist, Role.Counsellor, Role.HealthAdviser];
    private static readonly Role[] Patients = [Role.Patient];
    private static readonly Role[] Operators = [Role.Operator];
    private static readonly Role[] Guests = [Role.Anonymous, Role.Patient];

    private static readonly Dictionary<(Role, Resource, Act), Relation> Cells = Table();

    public static Relation Of(Role role, Resource resource, Act act) => Cells.GetValueOrDefault((role, resource, act), Relation.None);

    public static bool May(Role role, Resource resource, Act act) => Of(role, resource, act) != Relation.None;

    /// <summary>The rows that this subject may do this with. Every face calls it.</summary>
    public static Expression<Func<Head, bool>> Filter(Subject who, Resource resource, Act act)
    {
        switch (Of(who.Role, resource, act))
        {
            case Relation.Own:
                var patients = who.Patients.ToList();
                return head => head.Patient != null && patients.Contains(head.Patient.Value);
            case Relation.Assigned:
                var account = who.Account;
                return head => head.AssignedTo == account;
            case Relation.Any:
                return head => true;
            default:
                return head => false;
        }
    }

    private static Dictionary<(Role, Resource, Act), Relation> Table()
    {
        var cells = new Dictionary<(Role, Resource, Act), Relation>();
        Allow(Everybody, Resource.Public, Relation.Any, Act.Read, Act.List);
        Allow(Guests, Resource.Door, Relation.Any, Act.Create);
        Allow(Patients, Resource.Door, Relation.Any, Act.Change);
        Allow(Patients, Resource.Summary, Relation.Own, Act.List, Act.Read);
        Allow(Patients, Resource.Intake, Relation.Own, Act.Read, Act.Change);
        Allow(Patients, Resource.Messages, Relation.Own, Act.Read, Act.Create);
        Allow(Patients, Resource.Photo, Relation.Own, Act.Read, Act.Create);
        Allow(Patients, Resource.Queue, Relation.Own, Act.Read, Act.Create, Act.Change);
        Allow(Patients, Resource.Advice, Relation.Own, Act.Read);
        Allow(Patients, Resource.Closing, Relation.Own, Act.Transition);
        Allow(Patients, Resource.Worry, Relation.Own, Act.Change);
        Allow(Patients, Resource.SeenMarks, Relation.Own, Act.Change);
        Allow(Patients, Resource.Contact, Relation.Own, Act.Read, Act.Change);
        Allow(Guests, Resource.Contact, Relation.Any, Act.Transition);
        Allow(Patients, Resource.OwnData, Relation.Own, Act.Export, Act.Erase);
        Allow(Clinicians, Resource.Summary, Relation.Assigned, Act.List, Act.Read);
        Allow(Clinicians, Resource.Intake, Relation.Assigned, Act.Read);
        Allow(Clinicians, Resource.Messages, Relation.Assigned, Act.Read);
        Allow(Clinicians, Resource.Photo, Relation.Assigned, Act.Read);
        Allow(Clinicians, Resource.Replies, Relation.Assigned, Act.Create);
        Allow(Clinicians, Resource.Assignment, Relation.Assigned, Act.Transition);
        Allow(Clinicians, Resource.Advice, Relation.Assigned, Act.Read, Act.Create);
        Allow(Clinicians, Resource.SeenMarks, Relation.Assigned, Act.Change);
        Allow(Clinicians, Resource.Drafts, Relation.Any, Act.Create);
        Allow(Clinicians, Resource.Desk, Relation.Any, Act.Read);
        Allow(Clinicians, Resource.Duty, Relation.Any, Act.Read, Act.Change);
        Allow(Operators, Resource.Board, Relation.Any, Act.Read);
        Allow(Operators, Resource.Ledger, Relation.Any, Act.Read);
        Allow(Operators, Resource.Campaign, Relation.Any, Act.List, Act.Read, Act.Create, Act.Change, Act.Transition);
        Allow(Operators, Resource.Invitation, Relation.Any, Act.List, Act.Create);
        Allow(Everybody, Resource.SignIn, Relation.Any, Act.Read, Act.Create, Act.Transition);
        Allow(Everybody, Resource.DemoTools, Relation.Any, Act.Read, Act.Create);
        return cells;

        void Allow(Role[] roles, Resource resource, Relation relation, params Act[] acts)
        {
            foreach (var role in roles)
            {
                foreach (var act in acts)
                {
                    cells.Add((role, resource, act), relation);
                }
            }
        }
    }
}
