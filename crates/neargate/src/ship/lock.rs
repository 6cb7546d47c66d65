//! The lock of an environment, as this machine takes it.

use super::environment::Environment;
use crate::failure::{Failure, Kind};
use crate::ui::say;
use apply::lock::{self, Lock, Taking};
use model::Timestamp;
use plan::{Lease, Wish};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long a lock that is given back in this moment is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Takes the environment's lock. The lock of a program of this machine that is no more is taken over.
pub(crate) async fn take(environment: &Environment, wish: &Wish) -> Result<Lock, Failure> {
    let name = wish.names().lock();
    for _ in 0..2 {
        let held = match lock::take(&environment.client, &name, lease(), is_dead).await? {
            Taking::Taken(lock) => return Ok(*lock),
            Taking::Held(held) => held,
        };
        if !held.is_over(now()) {
            return Err(refusal(&held, &environment.resolved.name));
        }
        say::note("the lock of another deployment is just over");
        tokio::time::sleep(PATIENCE).await;
    }
    let what = "the lock goes from hand to hand";
    Err(Failure::new(Kind::Deployment, what).hint("run it again a little later"))
}

fn refusal(held: &Lease, environment: &str) -> Failure {
    let Lease { owner, since, until, .. } = held;
    let what = format!(
        "{owner} has deployed to {environment} since {since}; the lock holds until {until}"
    );
    Failure::new(Kind::Deployment, what)
        .hint(
            "it is renewed while that deployment goes on, and ends two minutes after it was killed",
        )
        .hint(format!("`neargate unlock --env {environment}` takes it away at once"))
}

fn lease() -> Lease {
    Lease {
        id: super::journal::chance(),
        owner: owner(),
        place: place(),
        process: std::process::id(),
        since: now(),
        until: now(),
    }
}

/// Who works here: `me@laptop`.
pub(crate) fn owner() -> String {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let user = variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "?".to_owned());
    format!("{user}@{}", host())
}

fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The machine, and on Linux its space of processes: the same number is another process in another
/// container.
fn place() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default().trim().to_owned();
    let boot = read("/proc/sys/kernel/random/boot_id");
    let space = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    format!("{} {boot} {}", host(), space.display())
}

/// Whether the holder was a process of this machine that is no more.
fn is_dead(lease: &Lease) -> bool {
    let pid = i32::try_from(lease.process).ok().and_then(rustix::process::Pid::from_raw);
    let Some(pid) = pid.filter(|_| lease.place == place()) else { return false };
    rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH)
}

pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
