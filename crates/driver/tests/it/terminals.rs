//! Commands at terminals, beside containers.

use crate::stand::{Stand, for_each_driver, script_of, task, words};
use driver::{ContainerKey, Exec, Probe, ProbeCommand, Stroke, Terminal, Window};
use model::Span;
use std::collections::BTreeMap;
use std::time::Duration;

/// Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

for_each_driver! {
    a_command_runs_at_a_terminal_beside_the_container
    a_terminal_has_the_size_that_it_is_given
    terminals_are_each_their_own
    what_nobody_sits_at_any_more_is_ended
    a_terminal_ends_with_its_container
    what_is_no_command_shows_why
    nothing_at_a_terminal_outlives_a_crash_of_the_region
}

/// Somebody at a terminal.
struct Seat {
    terminal: Terminal,
    shown: String,
}

// === impl Seat ===

impl Seat {
    async fn at(stand: &Stand, key: &ContainerKey, command: &[&str]) -> Self {
        Self::of(stand.driver.exec(order(key, command)).await.unwrap())
    }

    fn of(terminal: Terminal) -> Self {
        Self { terminal, shown: String::new() }
    }

    async fn types(&self, keys: &str) {
        self.terminal.input.send(Stroke::Keys(keys.to_owned().into())).await.unwrap();
    }

    async fn resizes(&self, columns: u16, rows: u16) {
        let window = Window { columns, rows };
        self.terminal.input.send(Stroke::Resize(window)).await.unwrap();
    }

    /// Waits until it shows a text, and forgets what came up to there.
    async fn shows(&mut self, text: &str) {
        while !self.shown.contains(text) {
            let next = tokio::time::timeout(PATIENCE, self.terminal.output.recv()).await;
            let Ok(Some(bytes)) = next else { panic!("`{text}` is not in `{}`", self.shown) };
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
        let end = self.shown.find(text).unwrap() + text.len();
        self.shown.drain(..end);
    }

    /// Waits until what runs there has ended.
    async fn ends(&mut self) {
        let ending = async { while self.terminal.output.recv().await.is_some() {} };
        tokio::time::timeout(PATIENCE, ending).await.expect("it ends");
    }
}

fn order(key: &ContainerKey, command: &[&str]) -> Exec {
    let window = Window { columns: 101, rows: 33 };
    Exec { container: key.clone(), words: words(command), window }
}

async fn a_command_runs_at_a_terminal_beside_the_container(stand: Stand) {
    let mut container = script_of(&task(), "main", "echo up; exec sleep 1000");
    container.environment.insert("PLAIN".into(), "a b".into());
    container.secrets.insert("SECRET".into(), "hunter2".into());
    container.working_directory = Some("/usr".into());
    let key = container.key.clone();
    stand.open(&key.task, &[]).await;
    stand.driver.start(container).await.unwrap();
    stand.heard.line(&key, "up").await;
    let mut seat = Seat::at(&stand, &key, &["sh"]).await;
    seat.types("test -t 0 && test -t 1 && echo $PLAIN-$SECRET-$TERM-$(pwd)\n").await;
    seat.shows("a b-hunter2-xterm-/usr").await;
    // The terminal's driver knows what the keys mean: the end of the input, and an interrupt.
    seat.types("echo go-$((1 + 1)); cat; echo left-$((1 + 2))\n").await;
    seat.shows("go-2\r\n").await;
    seat.types("meow\n").await;
    seat.shows("meow\r\nmeow").await;
    seat.types("\x04").await;
    seat.shows("left-3").await;
    drop(seat);
    let script = "trap 'echo caught; exit 0' INT; echo ready; while :; do sleep 0.05; done";
    let mut seat = Seat::at(&stand, &key, &["sh", "-c", script]).await;
    seat.shows("ready").await;
    seat.types("\x03").await;
    seat.shows("caught").await;
    seat.ends().await;
    assert!(stand.heard.exits(&key).is_empty(), "the container goes on");
    stand.driver.close(key.task).await.unwrap();
}

async fn a_terminal_has_the_size_that_it_is_given(stand: Stand) {
    let key = stand.run("echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    let mut seat = Seat::at(&stand, &key, &["sh"]).await;
    // An engine has it a moment after the command has begun.
    seat.types("until test \"$(stty size)\" = '33 101'; do :; done; echo is-$((30 + 3))\n").await;
    seat.shows("is-33").await;
    seat.resizes(90, 20).await;
    seat.types("until test \"$(stty size)\" = '20 90'; do :; done; echo is-$((10 + 10))\n").await;
    seat.shows("is-20").await;
    drop(seat);
    stand.driver.close(key.task).await.unwrap();
}

/// More is shown than anything on the way holds, and more is typed than a program takes at once.
async fn terminals_are_each_their_own(stand: Stand) {
    let key = stand.run("echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    let mut seats = Vec::new();
    for name in ["one", "two", "three"] {
        let script = format!("stty -echo; echo ready; read x; seq 1 20000; echo {name}-$x; read y");
        let mut seat = Seat::at(&stand, &key, &["sh", "-c", &script]).await;
        seat.shows("ready").await;
        seats.push((name, seat));
    }
    for (name, seat) in &mut seats {
        seat.types(&format!("for-{name}\n")).await;
    }
    for (name, seat) in &mut seats {
        seat.shows(&format!("19999\r\n20000\r\n{name}-for-{name}\r\n")).await;
    }
    drop(seats);
    stand.driver.close(key.task).await.unwrap();
}

async fn what_nobody_sits_at_any_more_is_ended(stand: Stand) {
    let key = stand.run("echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    let name = sleeper(&key);
    let script = format!("trap '' HUP; echo ready; sleep {name} & sleep {name}");
    let mut seat = Seat::at(&stand, &key, &["sh", "-c", &script]).await;
    seat.shows("ready").await;
    drop(seat);
    until_nobody_sleeps(&stand, &key).await;
    stand.driver.close(key.task).await.unwrap();
}

async fn a_terminal_ends_with_its_container(stand: Stand) {
    let key = stand.run("echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    let mut seat = Seat::at(&stand, &key, &["sh"]).await;
    seat.types("echo re''ady\n").await;
    seat.shows("ready").await;
    stand.driver.kill(key.clone()).await.unwrap();
    seat.ends().await;
    stand.heard.exit(&key, 0).await;
    assert!(stand.driver.exec(order(&key, &["sh"])).await.is_err(), "there is no container");
    stand.driver.close(key.task).await.unwrap();
}

/// An engine says it at the terminal, the process driver at once.
async fn what_is_no_command_shows_why(stand: Stand) {
    let key = stand.run("echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    match stand.driver.exec(order(&key, &["no-such-program"])).await {
        Ok(terminal) => {
            let mut seat = Seat::of(terminal);
            seat.shows("executable file not found").await;
            seat.ends().await;
        }
        Err(why) => assert!(why.to_string().contains("executable file not found"), "{why}"),
    }
    stand.driver.close(key.task).await.unwrap();
}

async fn nothing_at_a_terminal_outlives_a_crash_of_the_region(stand: Stand) {
    let key = stand.run("echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    let script = format!("echo ready; sleep {}", sleeper(&key));
    let mut seat = Seat::at(&stand, &key, &["sh", "-c", &script]).await;
    seat.shows("ready").await;
    // A region that crashes drops nothing.
    std::mem::forget(seat);
    let stand = stand.restart().await;
    stand.driver.adopt(BTreeMap::new()).await.unwrap();
    until_nobody_sleeps(&stand, &key).await;
    stand.driver.close(key.task).await.unwrap();
}

/// For how many seconds the processes of a test sleep, by which they are known: those of the process
/// driver see each other.
fn sleeper(key: &ContainerKey) -> String {
    let id = key.task.id.as_str();
    let number = u32::from_str_radix(&id[id.len() - 6..], 16).unwrap();
    format!("{}{number:05}", 10_000 + std::process::id() % 10_000)
}

async fn until_nobody_sleeps(stand: &Stand, key: &ContainerKey) {
    // The number is not in the probe's own words as it is in theirs.
    let name = sleeper(key);
    let (first, rest) = name.split_at(1);
    let script = format!(
        "for at in /proc/[0-9]*; do grep -qs '{first}'{rest} $at/cmdline && exit 1; done; exit 0"
    );
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        let (container, command) = (key.clone(), ProbeCommand::Shell(script.clone()));
        let probe = Probe { container, command, timeout: Span::seconds(20) };
        if stand.driver.probe(probe).await.unwrap().code == Some(0) {
            return;
        }
        assert!(std::time::Instant::now() < deadline, "somebody still sleeps");
    }
}
