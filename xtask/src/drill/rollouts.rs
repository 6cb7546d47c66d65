//! Rolls an example from version to version under load; no request may fail.
//!
//! The example is brought up by `neargate up`. Each rollout is what a pipeline does: it registers
//! the task definition with another variable and updates the service. Clients of three kinds ask
//! all the while and repeat nothing. What is killed with a task on purpose is told apart from what
//! failed: a request that was under way when the task died. One that began later must be answered.

mod app;
mod client;
mod killer;
mod load;
mod tally;
mod verdict;

use super::chance::Chance;
use super::house::House;
use super::options::{Killing, Options};
use super::progress::Progress;
use super::{PATIENCE, print, say};
use crate::bench::machine;
use app::App;
use killer::{Hunt, Killer};
use load::Load;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tally::Epoch;
use verdict::Found;

/// How many requests of each client show that the new version alone answers.
const AFTER: usize = 4;

/// The drill.
pub(super) fn run(root: &Path, options: &Options) -> Result<(), String> {
    let folder = root.join("examples").join(&options.example);
    if !folder.join("neargate.yml").exists() {
        return Err(format!("there is no example {}", folder.display()));
    }
    let about = machine::describe(&machine::load());
    let mut house = House::open(root, options.driver, options.speed)?;
    let log = house.log.clone();
    let found = drill(&mut house, &folder, options);
    let found = found.map_err(|why| format!("{why}\nthe region's log: {}", log.display()))?;
    print(&about);
    print(&found.draw(options));
    match found.faults().as_slice() {
        [] => house.close(),
        faults => Err(format!("{}\nthe region's log: {}", faults.join("\n"), log.display())),
    }
}

fn drill(house: &mut House, folder: &Path, options: &Options) -> Result<Found, String> {
    say(&format!("neargate up examples/{}", options.example));
    // Where tasks are killed, two of a rollout's old or new ones must remain.
    let count = if options.killing == Killing::Yes { 4 } else { 2 };
    let app = Arc::new(App::up(house, folder, count)?);
    let tasks = house.caller.tasks(&app.cluster)?;
    house.learn(tasks.first().ok_or("the example has no task")?)?;
    app.roll_to(0)?;
    // Requests that take their time must end before the load balancer cuts them.
    let slow = app.drain()? / options.speed / 4;
    let load = Load::start(app.port, options.connections, slow);
    let killer = (options.killing == Killing::Yes).then(|| {
        Killer::start(Hunt {
            app: Arc::clone(&app),
            caller: house.caller,
            driver: options.driver,
            data: house.data.clone(),
            watch: Arc::clone(load.watch()),
            chance: Chance::new(options.seed, 1),
        })
    });
    say(&format!("{} rollouts, seed {}", options.times, options.seed));
    let rolled = roll(&app, &load, options);
    let kills = killer.map_or(Ok(Vec::new()), Killer::stop);
    let tally = load.stop()?;
    let found = Found { rollouts: rolled?, tally, kills: kills? };
    app.down(house)?;
    Ok(found)
}

/// The rollouts, one after the other; answers how long each took.
fn roll(app: &App, load: &Load, options: &Options) -> Result<Vec<Duration>, String> {
    let watch = load.watch();
    let each = options.connections * tally::Kind::ALL.len() * AFTER;
    let progress = Progress::new(options.times);
    let mut rollouts = Vec::new();
    for version in 1..=options.times {
        watch.enter(Epoch::rolling_to(version));
        let took = app.roll_to(version).map_err(|why| format!("rollout {version}: {why}"))?;
        rollouts.push(took);
        watch.enter(Epoch::settled_at(version));
        until(watch, watch.asked() + each)?;
        let (asked, failed) = (watch.asked(), watch.failed());
        let seconds = took.as_secs_f64();
        progress.step(version, &format!("{seconds:.2} s, {asked} requests, {failed} failed"));
    }
    Ok(rollouts)
}

/// Waits until so many requests have come to an end.
fn until(watch: &load::Watch, asked: usize) -> Result<(), String> {
    let begun = Instant::now();
    while watch.asked() < asked {
        if begun.elapsed() > PATIENCE {
            return Err("the clients have come to a halt".to_owned());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
