//! The walls of the rooms without windows: storeys 0 to 2, and the pure modules of the gateway.

use super::rooms;
use super::source::{self, Source};
use std::fs;
use std::path::Path;

/// Crates that do I/O, keep time or make chance.
const HANDS: [&str; 11] = [
    "tokio",
    "hyper",
    "hyper-util",
    "bollard",
    "redb",
    "rustix",
    "socket2",
    "reqwest",
    "rand",
    "getrandom",
    "tracing",
];
/// What pure code does not say. `clippy.toml` bans functions; these are whole ways out.
const WAYS_OUT: [&str; 9] = [
    "async fn ",
    "async move",
    ".await",
    "std::fs::",
    "std::env::",
    "std::process::",
    "std::thread::",
    "SystemTime",
    "Instant::now",
];
/// Sockets; addresses are words and may be used.
const SOCKETS: [&str; 3] = ["TcpListener", "TcpStream", "UdpSocket"];
/// The gateway's decisions, which Cargo does not wall off.
const GATEWAY: [&str; 6] = ["route", "balance", "health", "headers", "answer", "http1"];

/// Faults of purity.
pub(crate) fn check(root: &Path) -> Result<Vec<String>, String> {
    let mut faults = dependencies(root)?;
    for file in source::all(root)? {
        let pure_module = is_gateway_decision(&file);
        if (rooms::is_pure(&file.room) || pure_module)
            && file.path.contains("/src/")
            && !file.is_test()
        {
            faults.extend(ways_out(&file));
        }
        if pure_module && (file.text.contains("tokio::") || file.text.contains("hyper::")) {
            faults.push(format!("{}: a decision of the gateway uses tokio or hyper", file.path));
        }
    }
    Ok(faults)
}

fn is_gateway_decision(file: &Source) -> bool {
    GATEWAY.iter().any(|module| {
        file.path == format!("crates/gateway/src/{module}.rs")
            || file.path.starts_with(&format!("crates/gateway/src/{module}/"))
    })
}

fn dependencies(root: &Path) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    for (room, _) in rooms::ROOMS.iter().filter(|(room, _)| rooms::is_pure(room)) {
        let path = root.join("crates").join(room).join("Cargo.toml");
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let ordinary = text.split("[dev-dependencies]").next().unwrap_or_default();
        for name in HANDS {
            if ordinary.lines().any(|line| line.split(['.', ' ', '=']).next() == Some(name)) {
                faults.push(format!(
                    "crates/{room}/Cargo.toml: a room without windows depends on `{name}`"
                ));
            }
        }
    }
    Ok(faults)
}

fn ways_out(file: &Source) -> Vec<String> {
    let code = file.lines().filter(|(_, line)| !line.trim_start().starts_with("//"));
    let found = code.flat_map(|(at, line)| {
        let words = WAYS_OUT.into_iter().chain(SOCKETS);
        words.filter(move |word| line.contains(word)).map(move |word| (at, word))
    });
    found
        .map(|(at, word)| format!("{}:{at}: `{word}` in a room without windows", file.path))
        .collect()
}
