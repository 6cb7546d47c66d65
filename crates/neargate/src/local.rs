//! The local region of this machine: where its data is, whether it runs, and how to start it.

use crate::admin::{self, Status};
use crate::args::DataArgs;
use crate::failure::{Failure, Kind};
use crate::ui::say;
use apply::{Client, Credentials};
use driver::docker::Hints;
use plan::wish::ArtifactKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The port that the ecosystem expects a local AWS on.
pub(crate) const PORT: u16 = 4566;

/// How many times faster than AWS a region's waits pass unless told otherwise. Thirty seconds of
/// AWS are a second and a half here: long enough to see each state, short enough to wait for.
pub(crate) const SPEED: f64 = 20.0;

/// The file that tells other commands where the region of a data directory is.
const ABOUT: &str = "region.json";

/// How long a region may take to start. The first start makes networks in the engine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The data directory that was asked for, or the user's own.
pub(crate) fn data(args: &DataArgs) -> Result<PathBuf, Failure> {
    if let Some(asked) = &args.data {
        return Ok(asked.clone());
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(base) = variable("XDG_DATA_HOME") {
        return Ok(PathBuf::from(base).join("neargate/region"));
    }
    let home = variable("HOME").map(PathBuf::from).ok_or_else(|| {
        Failure::new(Kind::Machine, "there is no HOME to keep the region's data in")
            .hint("say where: --data DIR")
    })?;
    let below = if cfg!(target_os = "macos") {
        "Library/Application Support/neargate/region"
    } else {
        ".local/share/neargate/region"
    };
    Ok(home.join(below))
}

/// Notes where the region of a data directory is.
pub(crate) fn note(data: &Path, port: u16) -> std::io::Result<()> {
    let text = serde_json::json!({ "port": port, "pid": std::process::id() }).to_string();
    let draft = data.join("region.json.new");
    std::fs::write(&draft, text)?;
    std::fs::rename(draft, data.join(ABOUT))
}

/// Forgets where it was.
pub(crate) fn forget(data: &Path) {
    // It may never have been noted.
    let _gone = std::fs::remove_file(data.join(ABOUT));
}

/// The running region of a data directory.
pub(crate) async fn running(data: &Path) -> Option<Status> {
    let text = std::fs::read_to_string(data.join(ABOUT)).ok()?;
    let about: serde_json::Value = serde_json::from_str(&text).ok()?;
    let port = u16::try_from(about.get("port")?.as_u64()?).ok()?;
    let status = admin::status(port).await?;
    // Another region may have taken the port since.
    same(Path::new(&status.data), data).then_some(status)
}

/// The running region of a data directory, or a failure that says how to get one.
pub(crate) async fn expect(data: &Path) -> Result<Status, Failure> {
    running(data).await.ok_or_else(|| {
        Failure::new(Kind::Unreachable, "the local region is not running")
            .hint("`neargate region start --detach` starts it, and so does `neargate up`")
    })
}

/// Starts a region with this driver in the background, and says so.
pub(crate) async fn begin(data: &Path, driver: &str) -> Result<Status, Failure> {
    let status = start(data, &[format!("--driver={driver}")]).await?;
    let Status { endpoint, driver, speed, .. } = &status;
    say::done(&format!(
        "the local region runs at {endpoint} (driver {driver}, AWS's waits {speed} times faster)"
    ));
    Ok(status)
}

/// Starts a region in the background, and waits until it answers.
pub(crate) async fn start(data: &Path, options: &[String]) -> Result<Status, Failure> {
    let machine = |what: &str, source: std::io::Error| {
        Failure::because(Kind::Machine, what.to_owned(), source)
    };
    let folder = format!("can't make the data directory {}", data.display());
    std::fs::create_dir_all(data).map_err(|e| machine(&folder, e))?;
    let log = data.join("region.log");
    let written = format!("can't write {}", log.display());
    let file = std::fs::File::create(&log).map_err(|e| machine(&written, e))?;
    let errors = file.try_clone().map_err(|e| machine(&written, e))?;
    let program = std::env::current_exe().map_err(|e| machine("can't find this program", e))?;
    let mut command = Command::new(program);
    command.args(["region", "start", "--data"]).arg(data).args(options);
    command.stdin(Stdio::null()).stdout(file).stderr(errors);
    // A session of its own: it stays when the terminal goes, and Ctrl-C here does not reach it.
    command.env("NEARGATE_SESSION", "new");
    let mut child = command.spawn().map_err(|e| machine("can't start the region", e))?;
    let begun = Instant::now();
    loop {
        if let Some(status) = running(data).await.filter(|status| status.pid == child.id()) {
            return Ok(status);
        }
        let ended = child.try_wait().map_err(|e| machine("can't watch the region", e))?;
        if ended.is_some() || begun.elapsed() > PATIENCE {
            return Err(did_not_start(&log));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn did_not_start(log: &Path) -> Failure {
    let said = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = said.lines().rev().take(10).collect();
    let said: Vec<&str> = lines.into_iter().rev().collect();
    let what = format!("the region did not start\n{}", said.join("\n"));
    Failure::new(Kind::Machine, what.trim_end()).hint(format!("its log is {}", log.display()))
}

fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    real(one) == real(other)
}

/// A client of a running region.
pub(crate) fn client(status: &Status) -> Result<Client, Failure> {
    let endpoint = status.endpoint.parse().map_err(|source: http::uri::InvalidUri| {
        Failure::because(Kind::Unreachable, "the region's endpoint is no URL", source)
    })?;
    Ok(Client::new(endpoint, status.region.clone(), credentials()))
}

/// What tasks of a region are made of.
pub(crate) fn kind(status: &Status) -> ArtifactKind {
    if status.driver == "process" { ArtifactKind::Process } else { ArtifactKind::Container }
}

/// How fast a region is, in words.
pub(crate) fn pace(status: &Status) -> String {
    if status.speed == 1.0 {
        return "AWS's waits take as long as on AWS here".to_owned();
    }
    format!("AWS's waits pass {} times faster here", status.speed)
}

/// The region takes any key for the account's own user; these say whose call it was.
pub(crate) fn credentials() -> Credentials {
    Credentials { access_key: "neargate".to_owned(), secret_key: "neargate".into(), token: None }
}

/// Where a Docker engine may be, as the user's environment says.
pub(crate) fn docker_hints() -> Hints {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    Hints {
        docker_host: variable("DOCKER_HOST"),
        home: variable("HOME").map(PathBuf::from),
        runtime_dir: variable("XDG_RUNTIME_DIR").map(PathBuf::from),
    }
}
