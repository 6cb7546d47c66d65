//! Data on standard output, talk on standard error; colours and moving lines only for who sees them.

use super::project::Project;
use crate::stage::{Driver, Line, PATIENCE, Region, Scratch, binary};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::Read as _;
use std::process::Stdio;

/// What begins every sequence that colours or moves.
const ESCAPE: char = '\u{1b}';

#[tokio::test]
async fn without_a_terminal_there_are_plain_lines_and_data_alone_on_standard_output() {
    let project = Project::new(&Region::shared(Driver::Process).await);
    let up = project.neargate("up --json").run().await.expect(0);
    assert_eq!(up.json()["app"], project.app.as_str(), "nothing but JSON is there");
    up.says("✓ create service web");
    up.says("  web │ (service web) has reached a steady state.");
    let status = project.neargate("status").run().await.expect(0);
    let down = project.neargate("down").run().await.expect(0);
    assert_eq!(down.out, "", "`down` has no data");
    for finished in [&up, &status, &down] {
        assert!(!finished.out.contains(ESCAPE), "{finished:?}");
        assert!(!finished.err.contains(ESCAPE), "{finished:?}");
        assert!(!finished.err.contains('\r'), "{finished:?}");
    }
}

/// Colour in the terminal; none with `NO_COLOR`; none in data that goes elsewhere.
#[tokio::test]
async fn a_terminal_gets_colour_unless_it_asks_for_none() {
    let project = Project::new(&Region::shared(Driver::Process).await);
    let (seen, _) = in_terminal(project.neargate("up")).await;
    assert!(seen.contains("\u{1b}[32m✓"), "{seen:?}");
    let (seen, out) = in_terminal(project.neargate("up").env("NO_COLOR", "1")).await;
    assert!(seen.contains(&format!("✓ {} is up", project.app)), "{seen:?}");
    assert!(!seen.contains("\u{1b}[3") && !seen.contains("\u{1b}[2m"), "{seen:?}");
    assert!(out.starts_with("http://"), "{out:?}");
    let (_, out) = in_terminal(project.neargate("status")).await;
    assert!(out.starts_with("✓ web"), "{out:?}");
    assert!(!out.contains(ESCAPE), "only its errors go to the terminal: {out:?}");
    project.neargate("down").output().await;
}

/// A reader that wants no more (`| head`) is no failure.
#[tokio::test]
async fn a_reader_that_has_gone_is_no_error() {
    let region = Region::shared(Driver::Process).await;
    for words in ["schema", "completions bash", "region operations", "region status --json"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let finished = region.neargate(words).stdout(writer.into()).run().await.expect(0);
        assert_eq!(finished.err, "", "`{words}`");
    }
}

/// Completions are scripts that their shell understands.
#[tokio::test]
async fn completions_know_the_verbs() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Line::new(binary::neargate()).args("completions").arg(shell).output().await;
        for word in ["deploy", "completions", "endpoints", "--detach"] {
            let word = if shell == "fish" { word.trim_start_matches('-') } else { word };
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
    let folder = Scratch::new();
    let script = Line::new(binary::neargate()).args("completions bash").output().await;
    folder.write("neargate.bash", &script);
    let asking = "source neargate.bash; COMP_WORDS=(neargate region st); COMP_CWORD=2; \
        _neargate neargate st region; echo ${COMPREPLY[@]}";
    let line = Line::new("bash").arg("-c").arg(asking).within(folder.path());
    assert_eq!(line.output().await.trim(), "start stop status");
}

/// Runs a command whose standard error is a terminal. Answers what the terminal saw, and what went to
/// standard output.
async fn in_terminal(line: Line) -> (String, String) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
    let inside = File::options().read(true).write(true).open(name).unwrap();
    let line = line.env("TERM", "xterm-256color").stderr(Stdio::from(inside));
    let reading = tokio::task::spawn_blocking(move || {
        let mut seen = Vec::new();
        // A terminal ends with an error when its last user has gone.
        File::from(terminal).read_to_end(&mut seen).ok();
        String::from_utf8_lossy(&seen).into_owned()
    });
    let finished = line.run().await.expect(0);
    let seen = tokio::time::timeout(PATIENCE, reading).await.expect("the terminal ends").unwrap();
    (seen, finished.out)
}
