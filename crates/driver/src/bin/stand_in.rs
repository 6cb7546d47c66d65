//! Stands in for the neargate binary in this room's tests: plays the roles of the process driver,
//! and a region that can be killed.
//!
//! `stand-in region <root> <linger ms> <script>…` opens a task and starts a container for each
//! script, then prints what happens, a line an event, until it is killed.

use driver::process::{Config, Process};
use driver::{Container, ContainerKey, Driver, Event, Sandbox, TaskKey};
use model::Span;
use std::error::Error;
use std::io::Write;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use tokio::sync::mpsc;

fn main() -> ExitCode {
    if let Some(code) = driver::process::take_over(std::env::args_os()) {
        return code;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(region(&arguments))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            writeln!(std::io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}

async fn region(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let ["region", root, linger, scripts @ ..] =
        &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
    else {
        return Err("usage: stand-in region <root> <linger ms> <script>…".into());
    };
    let (events, mut happened) = mpsc::channel(100);
    let driver = Process::new(Config {
        root: root.into(),
        executable: std::env::current_exe()?,
        path: std::env::var("PATH")?,
        linger: Span::millis(linger.parse()?),
        events,
    })?;
    let task = TaskKey { cluster: "default".into(), id: "0123456789abcdef".into() };
    let address = Ipv4Addr::new(127, 31, 0, 9);
    driver.open(Sandbox { task: task.clone(), address, ports: Vec::new() }).await?;
    for (n, script) in scripts.iter().enumerate() {
        let key = ContainerKey { task: task.clone(), name: format!("c{n}").into() };
        let command = ["/bin/sh", "-c", script].map(str::to_owned).to_vec();
        driver.start(Container { key, command: Some(command), ..Container::default() }).await?;
    }
    while let Some(event) = happened.recv().await {
        let Event::Output { lines, .. } = event else { continue };
        for line in lines {
            writeln!(std::io::stdout(), "{}", line.text)?;
        }
    }
    Ok(())
}
