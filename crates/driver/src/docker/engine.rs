//! Finding an engine, and reading its refusals.

use crate::Error;
use bollard::{API_DEFAULT_VERSION, Docker as Engine};
use std::path::PathBuf;
use std::time::Duration;

/// How long an engine may take to say that it is there. A busy one needs tens of milliseconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long an engine may take to begin an answer, in seconds. Pulls and builds answer at once and
/// then go on.
const TIMEOUT: u64 = 120;

/// The oldest engine API that is understood: Docker 20.10.
const OLDEST: (usize, usize) = (1, 41);

/// Where an engine may be, as the user's environment says.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// `DOCKER_HOST`. When it is set, no other place is tried.
    pub docker_host: Option<String>,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`.
    pub runtime_dir: Option<PathBuf>,
}

/// The first engine that answers.
///
/// # Errors
/// Says which places were tried and why the last one was none.
pub(super) async fn find(hints: &Hints) -> Result<Engine, Error> {
    Ok(first(hints).await?.0)
}

/// The socket of the first engine that answers.
///
/// # Errors
/// Those of [`find`].
pub(super) async fn socket(hints: &Hints) -> Result<PathBuf, Error> {
    Ok(first(hints).await?.1)
}

/// The first engine that answers, and its socket.
///
/// # Errors
/// Those of [`find`].
pub(super) async fn first(hints: &Hints) -> Result<(Engine, PathBuf), Error> {
    let sockets = sockets(hints)?;
    let mut last = "no socket".to_owned();
    for socket in sockets.iter().filter(|socket| socket.exists()) {
        match tokio::time::timeout(PATIENCE, connect(&socket.to_string_lossy())).await {
            Ok(Ok(engine)) => return Ok((engine, socket.clone())),
            Ok(Err(why)) => last = format!("{}: {why}", socket.display()),
            Err(_) => last = format!("{}: no answer in {PATIENCE:?}", socket.display()),
        }
    }
    let tried: Vec<String> = sockets.iter().map(|socket| socket.display().to_string()).collect();
    Err(unusable(format!("no engine answers at {}: {last}", tried.join(", "))))
}

pub(super) fn unusable(why: String) -> Error {
    Error::Unusable { driver: crate::Kind::Docker.as_str(), why }
}

/// The HTTP status of an engine's refusal.
pub(super) fn status(error: &bollard::errors::Error) -> Option<u16> {
    match error {
        bollard::errors::Error::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}

/// What the engine itself says, without the words around it.
pub(super) fn text(error: &bollard::errors::Error) -> String {
    match error {
        bollard::errors::Error::DockerResponseServerError { message, .. } => {
            message.trim().to_owned()
        }
        bollard::errors::Error::DockerStreamError { error } => error.trim().to_owned(),
        error => error.to_string(),
    }
}

/// Turns a refusal with one of these statuses into nothing done: what was asked for is so already.
pub(super) fn unless(
    statuses: &[u16],
    done: Result<(), bollard::errors::Error>,
) -> Result<(), bollard::errors::Error> {
    match done {
        Err(error) if status(&error).is_some_and(|status| statuses.contains(&status)) => Ok(()),
        done => done,
    }
}

async fn connect(socket: &str) -> Result<Engine, String> {
    let engine = Engine::connect_with_unix(socket, TIMEOUT, API_DEFAULT_VERSION);
    let engine = engine.map_err(|error| text(&error))?;
    let engine = engine.negotiate_version().await.map_err(|error| text(&error))?;
    let version = engine.client_version();
    if (version.major_version, version.minor_version) < OLDEST {
        return Err(format!("its API is {version}, older than {}.{}", OLDEST.0, OLDEST.1));
    }
    Ok(engine)
}

/// The sockets to try, in order: Docker, Docker Desktop, and others that speak its language.
fn sockets(hints: &Hints) -> Result<Vec<PathBuf>, Error> {
    if let Some(host) = hints.docker_host.as_deref().filter(|host| !host.is_empty()) {
        return match host.strip_prefix("unix://") {
            Some(socket) => Ok(vec![socket.into()]),
            None => Err(unusable(format!(
                "DOCKER_HOST is {host}: tasks must be on this machine, so only unix:// is supported"
            ))),
        };
    }
    let below = |folder: &Option<PathBuf>, names: &[&str]| -> Vec<PathBuf> {
        folder.iter().flat_map(|folder| names.iter().map(|name| folder.join(name))).collect()
    };
    let at_home = [
        ".docker/run/docker.sock",
        ".orbstack/run/docker.sock",
        ".colima/default/docker.sock",
        ".rd/docker.sock",
    ];
    let mut sockets = vec![PathBuf::from("/var/run/docker.sock")];
    sockets.extend(below(&hints.home, &at_home));
    sockets.extend(below(&hints.runtime_dir, &["docker.sock", "podman/podman.sock"]));
    Ok(sockets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docker_host_alone_decides_when_it_is_set() {
        let hints = |host: &str| Hints {
            docker_host: Some(host.to_owned()),
            home: Some("/home/me".into()),
            runtime_dir: None,
        };
        assert_eq!(sockets(&hints("unix:///a/b.sock")).unwrap(), [PathBuf::from("/a/b.sock")]);
        let error = sockets(&hints("tcp://far:2375")).unwrap_err().to_string();
        assert!(error.contains("tcp://far:2375"), "{error}");
        assert!(sockets(&hints("")).unwrap().contains(&"/home/me/.docker/run/docker.sock".into()));
    }

    #[tokio::test]
    async fn a_place_without_an_engine_is_named() {
        let hints = Hints { docker_host: Some("unix:///no/such.sock".into()), ..Hints::default() };
        let error = find(&hints).await.unwrap_err().to_string();
        assert_eq!(
            error,
            "the docker driver can't be used: no engine answers at /no/such.sock: no socket"
        );
    }
}
