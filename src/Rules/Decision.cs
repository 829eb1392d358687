namespace Yizhen.Rules;

/// <summary>
/// What a rule answers: a value, or the reason why not. Never both, never neither:
/// <c>default</c> is a bug and says so when it is opened.
/// </summary>
public readonly struct Decision<T>
{
    private readonly T? value;
    private readonly Refusal? refusal;
    private readonly bool decided;

    private Decision(T? value, Refusal? refusal)
    {
        this.value = value;
        this.refusal = refusal;
        decided = true;
    }

    public bool IsRefused(out Refusal why)
    {
        Opened();
        why = refusal.GetValueOrDefault();
        return refusal is not null;
    }

    public bool Is(out T decidedValue, out Refusal why)
    {
        Opened();
        decidedValue = value!;
        why = refusal.GetValueOrDefault();
        return refusal is null;
    }

    /// <exception cref="InvalidOperationException">The decision was a refusal; ask <see cref="Is"/> first.</exception>
    public T Value => refusal is { } why ? throw new InvalidOperationException($"Refused: {why}") : Opened().value!;

    public Decision<TOther> Then<TOther>(Func<T, Decision<TOther>> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Is(out var held, out var why) ? next(held) : why;
    }

    public static implicit operator Decision<T>(T value) => new(value, null);

    public static implicit operator Decision<T>(Refusal refusal) => new(default, refusal);

    private Decision<T> Opened() =>
        decided ? this : throw new InvalidOperationException("A decision that nobody made was opened.");
}
