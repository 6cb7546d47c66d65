//! README's picture: a real run in a real terminal, drawn as SVG.
//!
//! The command runs under `script` (util-linux, so Linux only), which gives it a terminal; what it
//! writes goes through a terminal small enough to be read here, and the last screen is drawn.

mod screen;
mod svg;

use screen::Screen;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The terminal's width in characters.
const COLUMNS: usize = 108;

/// Runs `neargate up examples/hello` on a region of its own and draws it.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let build = Command::new("cargo").current_dir(root).args(["build", "--release"]).status();
    if !build.map_err(|e| format!("cargo: {e}"))?.success() {
        return Err("the binary can't be built".to_owned());
    }
    let data = std::env::temp_dir().join(format!("neargate-picture-{}", std::process::id()));
    let drawn = record(root, &data);
    let neargate = root.join("target/release/neargate");
    let stop = ["region", "stop", "--data"];
    let stopped = Command::new(&neargate).args(stop).arg(&data).status();
    fs::remove_dir_all(&data).map_err(|e| format!("{}: {e}", data.display()))?;
    stopped.map_err(|e| format!("neargate: {e}"))?;
    let file = root.join("docs/up.svg");
    fs::write(&file, drawn?).map_err(|e| format!("{}: {e}", file.display()))
}

fn record(root: &Path, data: &Path) -> Result<String, String> {
    let typed = "neargate up examples/hello";
    let line = format!(
        "stty cols {COLUMNS} rows 50; exec {}/target/release/neargate up examples/hello",
        root.display()
    );
    let output = Command::new("script")
        .current_dir(root)
        .env("NEARGATE_DATA", data)
        .env("TERM", "xterm-256color")
        // As on a machine without a container engine, which is all that the picture promises.
        .env("DOCKER_HOST", "unix:///no/engine")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .output()
        .map_err(|e| format!("script: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let mut screen = Screen::default();
    screen.write(&format!("$ {typed}\r\n"));
    screen.write(&String::from_utf8_lossy(&output.stdout));
    Ok(svg::draw(screen.lines(), COLUMNS))
}
