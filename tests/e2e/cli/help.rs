//! `docs/cli.md`: what every command says of itself. `UPDATE=1` writes it anew; read the difference
//! before you keep it.

use crate::stage::{Line, binary};

const HEAD: &str = "# Commands

What `--help` says of each command. Written by a test (`UPDATE=1 cargo test -p tests cli::help`);
the text comes from `crates/neargate`. Exit codes are in [exit-codes.md](exit-codes.md).
";

#[tokio::test]
async fn the_page_of_the_commands_is_what_they_say_themselves() {
    let mut page = HEAD.to_owned();
    for words in commands().await {
        let name = format!("neargate {words}");
        let help = help(&words).await;
        page.push_str(&format!("\n## {}\n\n```text\n{}\n```\n", name.trim_end(), help.trim_end()));
    }
    let path = binary::root().join("docs/cli.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/cli.md is not what the commands say: UPDATE=1 writes it anew");
}

/// Every command's words, each before those below it.
async fn commands() -> Vec<String> {
    let mut all = Vec::new();
    let mut open = vec![String::new()];
    while let Some(words) = open.pop() {
        let help = help(&words).await;
        let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
        let listed = listed.take_while(|line| !line.is_empty());
        // Longer explanations go on further to the right.
        let names = listed.filter(|line| !line.starts_with("   "));
        let names = names.filter_map(|line| line.split_whitespace().next());
        let below = names.filter(|name| *name != "help");
        let below: Vec<String> =
            below.map(|name| format!("{words} {name}").trim().to_owned()).collect();
        open.extend(below.into_iter().rev());
        all.push(words);
    }
    all
}

/// A command's long help, without spaces at the ends of lines.
async fn help(words: &str) -> String {
    let text = Line::new(binary::neargate()).args(words).arg("--help").output().await;
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_short_help_and_the_version_are_there_too() {
    let short = Line::new(binary::neargate()).arg("-h").output().await;
    assert!(short.contains("Usage: neargate <COMMAND>"), "{short}");
    let version = Line::new(binary::neargate()).arg("--version").output().await;
    assert_eq!(version.trim(), format!("neargate {}", env!("CARGO_PKG_VERSION")));
}
