//! The container as a plain process: this program, serving one page.

use super::{Container, await_page, millis};
use crate::bench::process::{Running, free_port};
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The container, for the process driver.
pub(super) fn container() -> Result<Container, String> {
    let me = std::env::current_exe().map_err(|why| why.to_string())?;
    let command = vec![me.to_string_lossy().into_owned(), "serve".to_owned()];
    Ok(Container { driver: "process", image: "none", command, path: "page", by_hand: start })
}

fn start(container: &Container) -> Result<f64, String> {
    let port = free_port(Ipv4Addr::LOCALHOST)?;
    let mut command = Command::new(&container.command[0]);
    command.args(&container.command[1..]).env("PORT", port.to_string());
    let begun = Instant::now();
    let _process = Running::start(&mut command)?;
    await_page(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), container.path)?;
    Ok(millis(begun))
}

/// Serves one page at `$PORT`, for ever: the chore `serve`.
pub(crate) fn serve(_: &Path) -> Result<(), String> {
    let port = std::env::var("PORT").map_err(|why| format!("PORT: {why}"))?;
    let port: u16 = port.parse().map_err(|why| format!("PORT: {why}"))?;
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port));
    let listener = listener.map_err(|why| format!("port {port}: {why}"))?;
    for stream in listener.incoming().flatten() {
        // A client that goes away early misses its page.
        let _served = page(stream);
    }
    Ok(())
}

fn page(mut stream: TcpStream) -> io::Result<()> {
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        let length = stream.read(&mut piece)?;
        if length == 0 {
            return Ok(());
        }
        head.extend_from_slice(&piece[..length]);
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n")
}
