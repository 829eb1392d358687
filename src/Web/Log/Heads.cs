using Yizhen.Rules.Consultations;
using Yizhen.Web.Storage;

namespace Yizhen.Web.Log;

internal static class Heads
{
    /// <summary>The head is a function of the fold and of nothing else, so it can be rebuilt from the log.</summary>
    public static Head Of(Consultation state, byte[] lastHash)
    {
        var opening = state.Opening;
        return new Head
        {
            Id = state.Id.Value,
            Version = state.Version,
            LastHash = lastHash,
            Bucket = state.Bucket.Code(),
            Urgency = (int?)state.Urgency,
            OpenedAt = state.OpenedAt.Ms(),
            ArrivedAt = state.ArrivedAt?.Ms(),
            QueuedAt = state.QueuedAt?.Ms(),
            WaitsFrom = state.WaitsFrom?.Ms(),
            DueAt = state.Due?.Ms(),
            ChangedAt = state.ChangedAt.Ms(),
            FirstAssignedAt = state.FirstAssignedAt?.Ms(),
            AssignedTo = state.AssignedTo,
            AssignedAt = state.AssignedTo is null ? null : state.AssignedAt?.Ms(),
            Epoch = state.Epoch,
            OutOfSight = state.OutOfSight,
            UnansweredSince = state.UnansweredSince?.Ms(),
            TimesRung = state.TimesRung,
            Need = state.DoctorCalled ? SettingUrgency.Physician : state.Need,
            Lang = opening?.Lang ?? state.ErasedAs?.Lang ?? "",
            Region = state.Place?.Region,
            Channel = opening?.Channel ?? "",
            OwnClinician = state.OwnClinician,
            Patient = opening?.Patient,
            Campaign = opening?.Campaign ?? state.ErasedAs?.Campaign ?? "",
            Entrance = opening?.Entrance ?? state.ErasedAs?.Entrance ?? "",
            Organisation = opening?.Organisation ?? Guid.Empty,
            Mode = opening?.Mode switch { ServiceMode.LightConsultation => "light", null => "" },
            Consent = opening?.Consent.TextVersion ?? "",
            Verified = state.Contact.Verified,
            FlagLeft = state.FlagIsLeft(),
            OfferedAt = state.Offer?.At.Ms(),
            Promise = state.Promise?.What,
            PromisedBy = state.Promise?.By.Ms(),
            PromiseKeptAt = state.Promise?.KeptAt?.Ms(),
            PromptedTo = state.Prompt?.Clinician,
            PromptedUntil = state.Prompt?.Until.Ms(),
            PassedBy = state.PassedBy.IsEmpty ? null : string.Join(' ', state.PassedBy.Select(p => $"{p.Clinician}:{p.Again.Ms()}")),
        };
    }
}
