using System.Linq.Expressions;
using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Accounts;

internal enum Act
{
    List,
    Read,
    Create,
    Change,
    Transition,
    Assign,
    Raise,
    Lower,
    Export,
    Erase,
}

/// <summary>Which consultations a yes reaches.</summary>
internal enum Reach
{
    /// <summary>No.</summary>
    None,

    /// <summary>The person who is ill belongs to this account.</summary>
    Own,

    /// <summary>Assigned to this clinician now.</summary>
    Assigned,

    /// <summary>This clinician is asked to take them now, or has just taken them.</summary>
    Prompted,

    /// <summary>Of the organisation of whoever asks.</summary>
    Organisation,

    /// <summary>Not about one consultation, or headers and counts only.</summary>
    Any,
}

/// <summary>
/// The one table of who may do what: subject, resource, action, relation. Evaluated where the data is read: as a filter of a query,
/// as the check of a row, and again for each item of a stream. What is not in the table is no.
/// </summary>
internal static class Policy
{
    /// <summary>Everybody who may be a person; a partner's key is none.</summary>
    private static readonly Role[] Everybody = [.. Enum.GetValues<Role>().Where(r => r != Role.Partner)];
    private static readonly Role[] Clinicians = [Role.Physician, Role.AssistantPhysician, Role.Nurse, Role.Pharmacist, Role.Counsellor, Role.HealthAdviser];
    private static readonly Role[] Physicians = [Role.Physician];
    private static readonly Role[] Patients = [Role.Patient];
    private static readonly Role[] PartnersKeys = [Role.Partner];
    private static readonly Role[] Operators = [Role.Operator];
    private static readonly Role[] Guests = [Role.Anonymous, Role.Patient];

    private static readonly Dictionary<(Role, Resource, Act), Reach> Cells = Table();

    public static Reach Of(Role role, Resource resource, Act act) => Cells.GetValueOrDefault((role, resource, act), Reach.None);

    public static bool May(Role role, Resource resource, Act act) => Of(role, resource, act) != Reach.None;

    /// <summary>Who sets an urgency, with what the table lets them.</summary>
    public static UrgencyBy UrgencyBy(Subject who, Resource through) => new(who.Account, who.Name, May(who.Role, through, Act.Lower));

    /// <summary>The rows that this subject may do this with. Every face calls it.</summary>
    public static Expression<Func<Head, bool>> Filter(Subject who, Resource resource, Act act)
    {
        switch (Of(who.Role, resource, act))
        {
            case Reach.Own:
                var patients = who.Patients.ToList();
                return head => head.Patient != null && patients.Contains(head.Patient.Value);
            case Reach.Assigned:
                var account = who.Account;
                return head => head.AssignedTo == account;
            case Reach.Prompted:
                var asked = who.Account;
                return head => head.PromptedTo == asked || head.AssignedTo == asked;
            case Reach.Organisation:
                var organisation = who.Organisation;
                return head => head.Organisation == organisation;
            case Reach.Any:
                return head => true;
            default:
                return head => false;
        }
    }

    private static Dictionary<(Role, Resource, Act), Reach> Table()
    {
        var cells = new Dictionary<(Role, Resource, Act), Reach>();
        Allow(Everybody, Resource.Public, Reach.Any, Act.Read, Act.List);
        Allow(Guests, Resource.Door, Reach.Any, Act.Create);
        Allow(Patients, Resource.Door, Reach.Any, Act.Change);
        Allow(Patients, Resource.Summary, Reach.Own, Act.List, Act.Read);
        Allow(Patients, Resource.Intake, Reach.Own, Act.Read, Act.Change);
        Allow(Patients, Resource.Messages, Reach.Own, Act.Read, Act.Create);
        Allow(Patients, Resource.Photo, Reach.Own, Act.Read, Act.Create);
        Allow(Patients, Resource.Queue, Reach.Own, Act.Read, Act.Create, Act.Change);
        Allow(Patients, Resource.Advice, Reach.Own, Act.Read);
        Allow(Patients, Resource.Closing, Reach.Own, Act.Transition);
        Allow(Patients, Resource.Worry, Reach.Own, Act.Change);
        Allow(Patients, Resource.SeenMarks, Reach.Own, Act.Change);
        Allow(Patients, Resource.Contact, Reach.Own, Act.Read, Act.Change);
        Allow(Guests, Resource.Contact, Reach.Any, Act.Transition);
        Allow(Patients, Resource.OwnData, Reach.Own, Act.Export, Act.Erase);
        Allow(Clinicians, Resource.Summary, Reach.Assigned, Act.List, Act.Read);
        Allow(Clinicians, Resource.Intake, Reach.Assigned, Act.Read);
        Allow(Clinicians, Resource.Messages, Reach.Assigned, Act.Read);
        Allow(Clinicians, Resource.Photo, Reach.Assigned, Act.Read);
        Allow(Clinicians, Resource.Replies, Reach.Assigned, Act.Create);
        Allow(Clinicians, Resource.Assignment, Reach.Assigned, Act.Transition);
        Allow(Clinicians, Resource.Prompt, Reach.Prompted, Act.List, Act.Transition);
        Allow(Clinicians, Resource.Advice, Reach.Assigned, Act.Read, Act.Create);
        Allow(Clinicians, Resource.SeenMarks, Reach.Assigned, Act.Change);
        Allow(Clinicians, Resource.Urgency, Reach.Assigned, Act.Raise);
        Allow(Physicians, Resource.Urgency, Reach.Assigned, Act.Lower);
        Allow(Clinicians, Resource.Drafts, Reach.Any, Act.Create);
        Allow(Clinicians, Resource.Desk, Reach.Any, Act.Read);
        Allow(Clinicians, Resource.Duty, Reach.Any, Act.Read, Act.Change);
        Allow(Clinicians, Resource.Shift, Reach.Any, Act.List, Act.Transition);
        Allow(Operators, Resource.Roster, Reach.Any, Act.List, Act.Create, Act.Transition, Act.Export);
        Allow(Operators, Resource.Board, Reach.Any, Act.Read);
        Allow(Operators, Resource.Surge, Reach.Any, Act.Read, Act.Change);
        Allow(Operators, Resource.Aid, Reach.Any, Act.Read);
        Allow(Operators, Resource.Aid, Reach.Organisation, Act.Change);
        Allow(Operators, Resource.Ledger, Reach.Any, Act.Read);
        Allow(Operators, Resource.Picture, Reach.Any, Act.Read, Act.Export, Act.Change);
        Allow(Operators, Resource.Plan, Reach.Any, Act.Read);
        Allow([.. Clinicians, .. Operators], Resource.Worklist, Reach.Organisation, Act.List, Act.Read, Act.Transition, Act.Raise);
        Allow(Physicians, Resource.Worklist, Reach.Organisation, Act.Lower);
        Allow(Operators, Resource.Recall, Reach.Organisation, Act.List, Act.Transition);
        Allow(Physicians, Resource.Flag, Reach.Assigned, Act.Create);
        Allow([.. Physicians, .. Operators], Resource.Report, Reach.Organisation, Act.Read, Act.Transition, Act.Export);
        Allow(Physicians, Resource.Report, Reach.Organisation, Act.Create);
        Allow(Operators, Resource.Campaign, Reach.Any, Act.List, Act.Read, Act.Create, Act.Change, Act.Transition, Act.Export);
        Allow([.. Physicians, .. Operators], Resource.Library, Reach.Organisation, Act.List, Act.Read);
        Allow(Operators, Resource.Library, Reach.Organisation, Act.Create, Act.Change);
        Allow(Physicians, Resource.Library, Reach.Organisation, Act.Transition);
        Allow([.. Clinicians, .. Operators], Resource.Notice, Reach.Organisation, Act.List);
        Allow(Operators, Resource.Notice, Reach.Organisation, Act.Create, Act.Transition);
        Allow(Operators, Resource.PartnerKey, Reach.Any, Act.List, Act.Create, Act.Transition);
        Allow(PartnersKeys, Resource.Partner, Reach.Any, Act.Read, Act.Create);
        Allow(Operators, Resource.Drill, Reach.Any, Act.Read, Act.Change);
        Allow(Operators, Resource.Directory, Reach.Any, Act.List, Act.Read, Act.Create, Act.Change, Act.Transition);
        Allow(Physicians, Resource.Referral, Reach.Assigned, Act.Create);
        Allow(Operators, Resource.Invitation, Reach.Any, Act.List, Act.Create);
        Allow(Operators, Resource.Staff, Reach.Any, Act.List, Act.Change);
        Allow([.. Clinicians, .. Operators], Resource.SecondFactor, Reach.Any, Act.Read, Act.Change);
        Allow(Everybody, Resource.SignIn, Reach.Any, Act.Read, Act.Create, Act.Transition);
        Allow(Everybody, Resource.DemoTools, Reach.Any, Act.Read, Act.Create);
        return cells;

        void Allow(Role[] roles, Resource resource, Reach relation, params Act[] acts)
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
