//! Output reaches its log stream as it is written.

use crate::stage::cluster::{node, text};
use crate::stage::{Cluster, PATIENCE, Region, eventually, on_both_drivers};
use std::time::{SystemTime, UNIX_EPOCH};

on_both_drivers![lines_are_in_their_stream_within_a_second_of_being_written];

/// How many lines are written, one every fifty milliseconds.
const LINES: usize = 40;

/// Each line says when it was written; each is looked for without a pause while the task runs. The
/// stream is `prefix/container/task-id`.
#[expect(clippy::print_stderr, reason = "the delays are for who reads the tests' output")]
async fn lines_are_in_their_stream_within_a_second_of_being_written(region: &Region) {
    let cluster = Cluster::new(region).await;
    let program = "let at = 0;
                   setInterval(() => { console.log(`${++at} ${Date.now()}`); }, 50);
                   process.on('SIGTERM', () => process.exit(0));";
    let task = cluster.run(&[node("main", program)]).await;
    let mut delays: Vec<i64> = Vec::new();
    eventually("all lines", PATIENCE, async || {
        let events = cluster.events(&task, "main").await;
        let now = now();
        for event in &events[delays.len()..] {
            let line = text(&event["message"]);
            let (number, written) = line.split_once(' ').unwrap();
            assert_eq!(number, (delays.len() + 1).to_string(), "each once, in order: {line}");
            let written: i64 = written.parse().unwrap();
            let noted = event["timestamp"].as_i64().unwrap();
            assert!((-1..1000).contains(&(noted - written)), "{written} was noted as {noted}");
            delays.push(now - written);
        }
        (delays.len() >= LINES).then_some(())
    })
    .await;
    assert_eq!(cluster.task(&task).await["lastStatus"], "RUNNING");
    cluster.stop(&task, "enough").await;
    delays.sort_unstable();
    let (median, worst) = (delays[delays.len() / 2], delays[delays.len() - 1]);
    let driver = region.driver().word();
    eprintln!("log delay ({driver}): median {median} ms, worst {worst} ms of {}", delays.len());
    assert!(worst < 1000, "a line took {worst} ms: {delays:?}");
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
