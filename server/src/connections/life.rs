//! A connection's life as one table: which move leads from which state to which.
//!
//! It is pure. What else a move takes (a proof, a guard, a session) is decided by who makes it.

use api::{ConnectionState as State, ProblemCode};

use crate::error::Error;

/// What can happen to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// Fields were saved.
    Save,
    /// A round trip with the saved settings worked.
    Prove,
    /// Okta: on for a trial, or over to new settings for one.
    Try,
    /// Google and Microsoft: on, or over to new settings.
    Start,
    /// An administrator came through Okta and confirmed the trial.
    Confirm,
    /// The trial is undone: back to the state before it.
    Undo(State),
    /// Sign-ins fail for a cause that is not the members'.
    Degrade,
    /// And they work again.
    Recover,
    /// Okta went on.
    GiveWay,
    /// An administrator switched it off.
    Disable,
}

/// A move that the present state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IllegalMove;

impl From<IllegalMove> for Error {
    fn from(_: IllegalMove) -> Self {
        ProblemCode::IllegalMove.into()
    }
}

/// The state after a move.
pub(crate) fn next(state: State, by: Move) -> Result<State, IllegalMove> {
    match (by, state) {
        (Move::Save, State::NotConnected | State::Draft | State::Verified) => Ok(State::Draft),
        // An edit of what was on before, or is on, leaves it where it is.
        (
            Move::Save | Move::Prove,
            State::Trial
            | State::Connected
            | State::Degraded
            | State::DisabledByOkta
            | State::Disabled,
        ) => Ok(state),
        (Move::Prove, State::Draft | State::Verified) => Ok(State::Verified),
        (
            Move::Try,
            State::Verified
            | State::DisabledByOkta
            | State::Disabled
            | State::Connected
            | State::Degraded,
        ) => Ok(State::Trial),
        (
            Move::Start,
            State::Verified
            | State::DisabledByOkta
            | State::Disabled
            | State::Connected
            | State::Degraded,
        )
        | (Move::Confirm, State::Trial)
        | (Move::Recover, State::Degraded) => Ok(State::Connected),
        // Of the trial itself, and of what had to give way to it.
        (Move::Undo(before), State::Trial | State::DisabledByOkta) if before != State::Trial => {
            Ok(before)
        }
        (Move::Degrade, State::Connected) => Ok(State::Degraded),
        (Move::GiveWay, State::Connected | State::Degraded) => Ok(State::DisabledByOkta),
        (Move::Disable, State::Connected | State::Degraded) => Ok(State::Disabled),
        (
            Move::Prove
            | Move::Try
            | Move::Start
            | Move::Confirm
            | Move::Undo(_)
            | Move::Degrade
            | Move::Recover
            | Move::GiveWay
            | Move::Disable,
            State::NotConnected
            | State::Draft
            | State::Verified
            | State::Trial
            | State::Connected
            | State::Degraded
            | State::DisabledByOkta
            | State::Disabled,
        ) => Err(IllegalMove),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table again, written down the other way round: for each move where it may start and
    /// where it ends.
    #[test]
    fn every_pair_of_state_and_move_is_as_written_here() {
        use State::{
            Connected, Degraded, Disabled, DisabledByOkta, Draft, NotConnected, Trial, Verified,
        };
        let on_again = [Verified, DisabledByOkta, Disabled, Connected, Degraded];
        let legal: Vec<(Move, Vec<(State, State)>)> = vec![
            (
                Move::Save,
                State::ALL
                    .into_iter()
                    .map(|it| {
                        (
                            it,
                            if [NotConnected, Verified].contains(&it) {
                                Draft
                            } else {
                                it
                            },
                        )
                    })
                    .collect(),
            ),
            (
                Move::Prove,
                State::ALL
                    .into_iter()
                    .filter(|it| *it != NotConnected)
                    .map(|it| (it, if it == Draft { Verified } else { it }))
                    .collect(),
            ),
            (Move::Try, on_again.map(|it| (it, Trial)).to_vec()),
            (Move::Start, on_again.map(|it| (it, Connected)).to_vec()),
            (Move::Confirm, vec![(Trial, Connected)]),
            (
                Move::Undo(Verified),
                vec![(Trial, Verified), (DisabledByOkta, Verified)],
            ),
            (Move::Undo(Trial), vec![]),
            (Move::Degrade, vec![(Connected, Degraded)]),
            (Move::Recover, vec![(Degraded, Connected)]),
            (
                Move::GiveWay,
                vec![(Connected, DisabledByOkta), (Degraded, DisabledByOkta)],
            ),
            (
                Move::Disable,
                vec![(Connected, Disabled), (Degraded, Disabled)],
            ),
        ];
        for (by, pairs) in legal {
            for state in State::ALL {
                let expected = pairs.iter().find(|(from, _)| *from == state);
                let expected = expected.map(|(_, to)| *to).ok_or(IllegalMove);
                assert_eq!(next(state, by), expected, "{state:?} by {by:?}");
            }
        }
    }
}
