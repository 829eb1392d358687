namespace Yizhen.Rules.Overload;

/// <summary>Whose request it is, as far as the door can tell before anything is read: who is answered before whom.</summary>
public enum Standing
{
    /// <summary>Answered from memory, always: danger signs, numbers to ring, assets, health.</summary>
    Memory,

    /// <summary>Ongoing consultations, staff, and every step where a danger sign may be told.</summary>
    First,

    /// <summary>Intake of those who have begun.</summary>
    Begun,

    /// <summary>Whoever has just come.</summary>
    Newcomer,

    /// <summary>Comfort: streams and figures that a page is whole without. Left out before anybody is asked to wait.</summary>
    Optional,
}

/// <summary>What the machine leaves out, each stage with all before it.</summary>
public enum Stage
{
    Normal,

    /// <summary>No live comfort, figures counted less often.</summary>
    Sparing,

    /// <summary>Newcomers wait before the door.</summary>
    Line,

    /// <summary>Some who have begun are asked to come again.</summary>
    OngoingOnly,
}

/// <summary>Finds the stage from what has been seen lately. Times in microseconds, given by the caller; not for two threads at once.</summary>
public sealed class Ladder(OverloadLimits limits)
{
    private const long Never = long.MinValue / 2;

    private long busy = Never;
    private long line = Never;
    private long begun = Never;

    /// <summary>Somebody waited too long for a place, or half of a queue is taken.</summary>
    public void Busy(long now) => busy = now;

    /// <summary>Somebody of this class was asked to come again.</summary>
    public void Shed(Standing standing, long now)
    {
        busy = now;
        line = standing == Standing.Optional ? line : now;
        begun = standing is Standing.Begun or Standing.First ? now : begun;
    }

    public Stage At(long now)
    {
        var since = now - (limits.CalmMs * 1000L);
        return begun > since ? Stage.OngoingOnly : line > since ? Stage.Line : busy > since ? Stage.Sparing : Stage.Normal;
    }
}
