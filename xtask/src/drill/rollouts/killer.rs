//! Kills tasks by chance, as long as enough others are there.

use super::super::call::Caller;
use super::super::chance::Chance;
use super::super::machine::Driver;
use super::app::App;
use super::load::Watch;
use super::tally::Window;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How many healthy tasks remain beside a killed one.
const REMAIN: usize = 2;

/// The longest pause between two kills. A rollout needs time between them to get anywhere, and an
/// engine takes longer for a new task than it takes to kill one.
fn longest_pause(driver: Driver) -> Duration {
    match driver {
        Driver::Process => Duration::from_secs(4),
        Driver::Docker => Duration::from_secs(30),
    }
}

/// A task that was killed.
#[derive(Debug, Clone)]
pub(super) struct Kill {
    /// From the moment before the kill to the one when the task was surely dead.
    pub(super) window: Window,
    /// How many requests were under way, to all targets together, just before.
    pub(super) under_way: usize,
    /// How many healthy targets shared them.
    pub(super) healthy: usize,
}

/// A killer at work.
#[derive(Debug)]
pub(super) struct Killer {
    over: Arc<AtomicBool>,
    thread: JoinHandle<Result<Vec<Kill>, String>>,
}

/// What it needs.
pub(super) struct Hunt {
    pub(super) app: Arc<App>,
    pub(super) caller: Caller,
    pub(super) driver: Driver,
    pub(super) data: PathBuf,
    pub(super) watch: Arc<Watch>,
    pub(super) chance: Chance,
}

// === impl Killer ===

impl Killer {
    pub(super) fn start(mut hunt: Hunt) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        let thread = thread::spawn(move || {
            let (mut kills, mut dead) = (Vec::new(), BTreeSet::new());
            while !ends.load(Ordering::SeqCst) {
                thread::sleep(hunt.chance.shorter_than(longest_pause(hunt.driver)));
                kills.extend(hunt.kill(&mut dead)?);
            }
            Ok(kills)
        });
        Self { over, thread }
    }

    /// Ends it; answers whom it killed.
    pub(super) fn stop(self) -> Result<Vec<Kill>, String> {
        self.over.store(true, Ordering::SeqCst);
        self.thread.join().map_err(|_| "the killer broke")?
    }
}

// === impl Hunt ===

impl Hunt {
    /// Kills one task, if enough remain. A target counts as healthy only as long as it was not
    /// killed: the load balancer may not have heard.
    fn kill(&mut self, dead: &mut BTreeSet<String>) -> Result<Option<Kill>, String> {
        let targets = self.caller.targets(&self.app.group)?;
        dead.retain(|address| targets.iter().any(|(held, ..)| held == address));
        let alive = targets
            .into_iter()
            .filter(|(address, _, state)| state == "healthy" && !dead.contains(address));
        let alive: Vec<String> = alive.map(|(address, ..)| address).collect();
        if alive.len() <= REMAIN {
            return Ok(None);
        }
        let Some(address) = self.chance.pick(&alive) else { return Ok(None) };
        let Some(task) = self.app.task_at(address)? else { return Ok(None) };
        let (under_way, from) = (self.watch.under_way(), self.watch.now());
        // One that can't be killed was about to end by itself, or was killed all the same.
        let _about_to_end = self.driver.kill(&task, &self.data);
        dead.insert(address.clone());
        let window = Window { from, to: self.watch.now() };
        Ok(Some(Kill { window, under_way, healthy: alive.len() }))
    }
}
