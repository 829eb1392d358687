namespace Yizhen.Web.Page;

/// <summary>One fact as it was understood, in words, with what the person wrote.</summary>
/// <param name="Code">Input code of the protocols.</param>
public sealed record ReadBackLine(string Code, string Label, string Value, string Quote);
