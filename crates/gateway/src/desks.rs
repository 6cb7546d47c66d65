//! How the keeper reaches the workers.

use crate::connection::Arrival;
use crate::worker::Order;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc;

/// A worker as others see it.
#[derive(Debug)]
pub(crate) struct Desk {
    /// Its mailbox.
    pub(crate) orders: mpsc::UnboundedSender<Order>,
    /// How many connections it serves; the worker counts down.
    pub(crate) load: Arc<AtomicUsize>,
}

/// All workers.
#[derive(Debug, Clone)]
pub(crate) struct Desks(Arc<[Desk]>);

impl Desks {
    /// These workers.
    pub(crate) fn new(desks: Vec<Desk>) -> Self {
        Self(desks.into())
    }

    /// Tells every worker the same.
    pub(crate) fn tell_all(&self, order: impl Fn() -> Order) {
        for desk in self.0.iter() {
            // A worker that is gone has nothing left to change.
            let _told = desk.orders.send(order());
        }
    }

    /// Gives a connection to the worker that has the fewest.
    pub(crate) fn give(&self, arrival: Arrival) {
        let load = |desk: &&Desk| desk.load.load(Ordering::Relaxed);
        let Some(desk) = self.0.iter().min_by_key(load) else { return };
        desk.load.fetch_add(1, Ordering::Relaxed);
        // A worker that is gone takes nothing; the gateway ends then, and the connection with it.
        if desk.orders.send(Order::Serve(arrival)).is_err() {
            desk.load.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
