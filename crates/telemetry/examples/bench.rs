//! How fast the store is: `cargo run --release -p telemetry --example bench`.
#![expect(clippy::print_stdout, reason = "a measurement speaks to the terminal")]

use model::Timestamp;
use std::path::Path;
use std::time::{Duration, Instant};
use telemetry::{Store, StoreError};
use world::{LogAsk, LogEvent, LogPlace, LogStreamKey};

/// Events in all.
const EVENTS: u32 = 1_000_000;

/// Streams for what depends on their number.
const STREAMS: u32 = 2_000;

/// The most bytes of an answer of GetLogEvents.
const ANSWER: usize = 1 << 20;

fn main() -> Result<(), StoreError> {
    let root = std::env::temp_dir().join(format!("neargate-bench-{}", std::process::id()));
    let done = measure(&root);
    drop(std::fs::remove_dir_all(&root));
    done
}

fn measure(root: &Path) -> Result<(), StoreError> {
    let store = Store::open(root);
    let one = LogStreamKey { group: "bench".into(), stream: "one".into() };
    let lines: Vec<LogEvent> = (0..EVENTS).map(line).collect();
    rate("append, 100 events a call", EVENTS, || {
        lines.chunks(100).try_for_each(|batch| store.append(&one, batch, Timestamp::default()))
    })?;
    let single = LogStreamKey { group: "bench".into(), stream: "single".into() };
    rate("append, 1 event a call", EVENTS / 10, || {
        let lines = lines[..lines.len() / 10].chunks(1);
        lines.into_iter().try_for_each(|one| store.append(&single, one, Timestamp::default()))
    })?;
    let raw = size(root);
    rate("read in pages of 10 000, as written", EVENTS, || scan(&store, &one))?;
    rate("seal", EVENTS, || store.tidy().map(drop))?;
    println!("sealed, the events take 1/{} of the space", raw / size(root).max(1));
    rate("read in pages of 10 000, sealed", EVENTS, || scan(&store, &one))?;
    rate("a page of the last 10 events", 1000, || {
        let ask = LogAsk { limit: 10, ..whole(LogPlace::Tail) };
        (0..1000).try_for_each(|_| store.page(&one, &ask).map(drop))
    })?;
    rate("append, 1 event in each of many new streams", STREAMS, || {
        (0..STREAMS).try_for_each(|n| store.append(&many(n), &lines[..1], Timestamp::default()))
    })?;
    rate("summaries of streams after a restart", STREAMS, || {
        let store = Store::open(root);
        (0..STREAMS).try_for_each(|n| store.summary(&many(n)).map(drop))
    })?;
    rate("opening a store", 1, || {
        drop(Store::open(root));
        Ok(())
    })
}

fn scan(store: &Store, stream: &LogStreamKey) -> Result<(), StoreError> {
    let mut place = LogPlace::Head;
    loop {
        let page = store.page(stream, &whole(place))?;
        if page.events.is_empty() {
            return Ok(());
        }
        place = LogPlace::From(page.next);
    }
}

fn whole(at: LogPlace) -> LogAsk {
    LogAsk { from: None, to: None, at, limit: 10_000, bytes: ANSWER }
}

fn many(number: u32) -> LogStreamKey {
    LogStreamKey { group: "many".into(), stream: format!("api/app/{number}").as_str().into() }
}

fn line(number: u32) -> LogEvent {
    let message = format!(
        "{{\"level\":\"info\",\"method\":\"GET\",\"path\":\"/api/notes/{number}\",\"status\":200,\
         \"duration_ms\":{},\"request_id\":\"{:08x}\"}}",
        number * 7 % 100,
        number.wrapping_mul(2_654_435_761)
    );
    LogEvent { at: Timestamp::from_millis(i64::from(number)), message }
}

/// The bytes of all files below a folder.
fn size(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else {
        return path.metadata().map_or(0, |file| file.len());
    };
    entries.flatten().map(|entry| size(&entry.path())).sum()
}

fn rate(
    what: &str,
    count: u32,
    run: impl FnOnce() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let start = Instant::now();
    run()?;
    let took = start.elapsed();
    let each = took.checked_div(count).unwrap_or(Duration::ZERO);
    println!("{what:<45} {:>11.0}/s {each:>12.1?} each", f64::from(count) / took.as_secs_f64());
    Ok(())
}
