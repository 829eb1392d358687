namespace Yizhen.Rules.Directories;

/// <summary>What is wrong with a line of a list; each is worded in both languages where it is shown.</summary>
public enum ListFault
{
    NameMissing,
    KindUnknown,
    /// <summary>No such code, or no one place of that name.</summary>
    PlaceUnknown,
    DateUnreadable,
    /// <summary>The rule ends before it begins, or ends without a beginning.</summary>
    DatesSwapped,
    PublisherMissing,
    TooLong,
    /// <summary>A telephone without a digit.</summary>
    PhoneUnreadable,
    /// <summary>The same name in the same district stands in this file already.</summary>
    Twice,
    TooManyLines,
    NoSuchHeader,
    /// <summary>No CSV, or a quote that is never closed.</summary>
    Unreadable,
}

/// <param name="Line">Of the file; the header is line 1.</param>
/// <param name="What">The cell that was read, cut short; empty where there was none.</param>
public sealed record FaultyLine(int Line, ListFault Fault, string What);

/// <summary>What stands in for a cell that a file does not have.</summary>
/// <param name="Publisher">Null: each line must name its own.</param>
public sealed record ListDefaults(string? Publisher, DateOnly? Published);
