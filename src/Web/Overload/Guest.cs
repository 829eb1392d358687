using Yizhen.Rules.Overload;

namespace Yizhen.Web.Overload;

/// <summary>A request that asked to be answered. Disposed when it has been, or went away.</summary>
internal sealed class Guest(Gate gate, Standing standing) : Asking(standing), IDisposable
{
    private readonly TaskCompletionSource<bool> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it got in.</summary>
    public Task<bool> LetIn => answer.Task;

    public void Tell() => answer.TrySetResult(Is is Whereabouts.Inside or Whereabouts.Lent);

    public void Dispose() => gate.Leave(this);
}
