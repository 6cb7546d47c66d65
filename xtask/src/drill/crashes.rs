//! Kills the region at moments by chance while clients change things; nothing that was acknowledged
//! may be lost, and nothing may be left that nobody knows.
//!
//! After each crash the region starts again on the same data, and everything that clients were told
//! is looked at. After some of them, and after the last, it must also come to rest: the service is
//! what it was last told to be, and exactly its tasks are on this machine. Other crashes hit a
//! region that has not yet come to rest after the last one, or that is just starting.

mod book;
mod stage;
mod thing;
mod writer;

use super::chance::Chance;
use super::house::House;
use super::options::Options;
use super::progress::Progress;
use super::{print, say};
use crate::bench::machine;
use book::Book;
use stage::Stage;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};
use writer::{Interest, Writer};

/// How long a region lives at most.
const LIFE: Duration = Duration::from_millis(1500);

/// How long a region lives at most that is killed while it starts.
const START: Duration = Duration::from_millis(60);

/// One in so many crashes hits a region that is starting.
const STARTING: u64 = 5;

/// After one in so many crashes the region must come to rest.
const RESTS: u64 = 3;

/// What was found.
#[derive(Debug, Default)]
struct Found {
    acknowledged: usize,
    /// Crashes of starting regions.
    starting: usize,
    /// How long it took to answer again.
    starts: Vec<Duration>,
    /// How long it took to come to rest.
    rests: Vec<Duration>,
}

/// The drill.
pub(super) fn run(root: &Path, options: &Options) -> Result<(), String> {
    let about = machine::describe(&machine::load());
    let mut house = House::open(root, options.driver, options.speed)?;
    let log = house.log.clone();
    say(&format!("{} crashes, seed {}", options.times, options.seed));
    let found = drill(&mut house, options);
    let found = found.map_err(|why| format!("{why}\nthe region's log: {}", log.display()))?;
    house.close()?;
    print(&about);
    print(&found.draw(options));
    Ok(())
}

fn drill(house: &mut House, options: &Options) -> Result<Found, String> {
    let stage = Stage::new(house)?;
    let mut chance = Chance::new(options.seed, 0);
    let mut books = [(Interest::Service, Book::default()), (Interest::Data, Book::default())];
    stage.settle(house, &books[0].1)?;
    let (mut found, progress) = (Found::default(), Progress::new(options.times));
    for round in 1..=options.times {
        let failed = |why: String| format!("crash {round}: {why}");
        crash(house, &stage, &mut books, (round, &mut chance)).map_err(failed)?;
        if chance.one_in(STARTING) {
            house.spawn()?;
            thread::sleep(chance.shorter_than(START));
            house.kill();
            found.starting += 1;
        }
        let begun = Instant::now();
        house.start().map_err(failed)?;
        found.starts.push(begun.elapsed());
        for (_, book) in &mut books {
            book.hold_against(house.caller).map_err(failed)?;
            book.forget_tasks();
        }
        if chance.one_in(RESTS) || round == options.times {
            let begun = Instant::now();
            stage.settle(house, &books[0].1).map_err(failed)?;
            found.rests.push(begun.elapsed());
        }
        found.acknowledged = books.iter().map(|(_, book)| book.acknowledged).sum();
        let (acknowledged, rests) = (found.acknowledged, found.rests.len());
        progress
            .step(round, &format!("{acknowledged} changes acknowledged, {rests} times at rest"));
    }
    stage.clear(house)?;
    Ok(found)
}

/// Lets clients change things, and kills the region under them.
fn crash(
    house: &mut House,
    stage: &Stage,
    books: &mut [(Interest, Book)],
    (round, chance): (usize, &mut Chance),
) -> Result<(), String> {
    let writers: Vec<_> = books
        .iter()
        .map(|(interest, book)| {
            let of = u64::try_from(round).unwrap_or_default() * 2 + *interest as u64;
            let chance = Chance::new(chance.below(u64::MAX), of);
            let (stage, book) = (stage.clone(), book.clone());
            Writer { interest: *interest, stage, chance, book }.start()
        })
        .collect();
    thread::sleep(chance.shorter_than(LIFE));
    house.kill();
    for (writer, (_, book)) in writers.into_iter().zip(books) {
        *book = writer.join().map_err(|_| "a client broke")??.book;
    }
    Ok(())
}

// === impl Found ===

impl Found {
    fn draw(&self, options: &Options) -> String {
        let Options { times, speed, seed, .. } = options;
        let (driver, Self { acknowledged, starting, .. }) = (options.driver.word(), self);
        let (starts, rests) = (median(&self.starts), median(&self.rests));
        format!(
            "{times} crashes with {driver}, speed {speed}, seed {seed}; {starting} more of a region \
             that was starting\n\
             {acknowledged} changes were acknowledged, and none is lost\n\
             it answered again after {starts:.2} s (median)\n\
             it came to rest {} times, after {rests:.2} s (median); no process, container, network \
             or port was left over",
            self.rests.len()
        )
    }
}

fn median(samples: &[Duration]) -> f64 {
    let seconds: Vec<f64> = samples.iter().map(Duration::as_secs_f64).collect();
    crate::bench::median(&seconds)
}
