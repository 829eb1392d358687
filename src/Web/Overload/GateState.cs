using Yizhen.Rules.Overload;

namespace Yizhen.Web.Overload;

/// <param name="Waiting">People before the door who have not been called yet.</param>
/// <param name="TurnedAway">Answers that asked somebody to come again, since the start.</param>
public sealed record GateState(Stage Stage, int Waiting, long TurnedAway);
