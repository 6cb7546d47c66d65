//! Two connections that speak a protocol of their own, such as WebSocket.

use super::pump::{Framing, Pump};
use crate::connection::{Client, Line};
use crate::http1::Body;
use crate::live::Ticket;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll};

/// One direction.
struct Way {
    pump: Pump,
    state: State,
}

enum State {
    Open,
    /// The sender has ended; the receiver is to be told.
    Ending,
    Over,
}

/// Passes bytes both ways until both sides have ended, one of them is gone, both are silent for
/// the idle limit, or the target's deregistration delay is over.
pub(super) async fn run(client: &mut Client, target: &mut Line, ticket: &Ticket) {
    let worker = Rc::clone(&client.worker);
    let (mut up, mut down) = (Way::new(), Way::new());
    poll_fn(|cx| {
        let mut scratch = worker.scratch.borrow_mut();
        let mut moved = false;
        let upward = up.poll(cx, (&mut client.line, target), &mut scratch, &mut moved);
        let downward = down.poll(cx, (target, &mut client.line), &mut scratch, &mut moved);
        match (upward, downward) {
            (Poll::Ready(Err(Lost)), _) | (_, Poll::Ready(Err(Lost))) => return Poll::Ready(()),
            (Poll::Ready(Ok(())), Poll::Ready(Ok(()))) => return Poll::Ready(()),
            _ if ticket.is_cut() => return Poll::Ready(()),
            _ => {}
        }
        if moved {
            client.idle.touch();
        }
        client.idle.poll(cx)
    })
    .await;
}

/// A side is gone.
struct Lost;

// === impl Way ===

impl Way {
    fn new() -> Self {
        Self { pump: Pump::new(Vec::new(), Body::UntilClose, Framing::Kept), state: State::Open }
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        (from, to): (&mut Line, &mut Line),
        scratch: &mut [u8],
        moved: &mut bool,
    ) -> Poll<Result<(), Lost>> {
        loop {
            let polled = match self.state {
                State::Open => self.pump.poll(cx, (from, to), scratch, moved).map_err(|_| Lost),
                State::Ending => to.poll_shutdown(cx).map_err(|_| Lost),
                State::Over => return Poll::Ready(Ok(())),
            };
            std::task::ready!(polled)?;
            self.state = match self.state {
                State::Open => State::Ending,
                State::Ending | State::Over => State::Over,
            };
        }
    }
}
