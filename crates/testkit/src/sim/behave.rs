//! How scripted containers behave.

use model::Span;

/// What a container of an image does. The default one is well-behaved: it starts quickly, listens
/// and is healthy at once, runs for ever and ends soon after its stop signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behaviour {
    /// How long pulling its image takes.
    pub pull: Span,
    /// Why its image can't be pulled.
    pub pull_fails: Option<String>,
    /// How long starting it takes.
    pub start: Span,
    /// Why it can't be started.
    pub start_fails: Option<String>,
    /// After how long it exits by itself, and with which code.
    pub exits: Option<(Span, i32)>,
    /// How long it takes to end after its stop signal; never when absent.
    pub stops: Option<Span>,
    /// How long after its start it answers requests; never when absent.
    pub listens: Option<Span>,
    /// How long after its start its own health check passes; never when absent.
    pub passes: Option<Span>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            pull: Span::seconds(2),
            pull_fails: None,
            start: Span::millis(500),
            start_fails: None,
            exits: None,
            stops: Some(Span::millis(200)),
            listens: Some(Span::ZERO),
            passes: Some(Span::ZERO),
        }
    }
}
