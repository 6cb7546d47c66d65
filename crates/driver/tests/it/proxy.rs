//! A way to an engine that can be cut.

use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Passes connections on to the engine, until it is cut.
pub(crate) struct Proxy {
    pub(crate) socket: PathBuf,
    /// Whether connections pass.
    open: Arc<watch::Sender<bool>>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    pub(crate) fn start() -> Self {
        let name = format!("driver-proxy-{}.sock", std::process::id());
        let socket = std::env::temp_dir().join(name);
        std::fs::remove_file(&socket).ok();
        let listener = UnixListener::bind(&socket).unwrap();
        let open = Arc::new(watch::Sender::new(true));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&open)));
        Self { socket, open, accepting }
    }

    /// Ends every connection, and each new one at once.
    pub(crate) fn cut(&self) {
        self.open.send_replace(false);
    }

    /// Lets connections pass again.
    pub(crate) fn mend(&self) {
        self.open.send_replace(true);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        std::fs::remove_file(&self.socket).ok();
    }
}

async fn accept(listener: UnixListener, open: Arc<watch::Sender<bool>>) {
    while let Ok((connection, _)) = listener.accept().await {
        tokio::spawn(pass(connection, open.subscribe()));
    }
}

async fn pass(mut from: UnixStream, mut open: watch::Receiver<bool>) {
    if !*open.borrow() {
        return;
    }
    let host = std::env::var("DOCKER_HOST").unwrap_or_default();
    let engine = host.strip_prefix("unix://").unwrap_or("/var/run/docker.sock");
    let Ok(mut to) = UnixStream::connect(engine).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut from, &mut to) => {}
        _ = open.wait_for(|open| !open) => {}
    }
}
