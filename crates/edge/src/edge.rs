//! The edge: who listens for which distribution.

use crate::serve::{self, Desk};
use crate::sites::{Files, Site, Sites};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// How long a viewer may take over a request's head. A silent connection is closed after that.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Is told where a distribution listens.
pub type Bound = Box<dyn Fn(&str, u16) + Send + Sync>;

/// What the edge is given.
pub struct Config {
    /// Where its connections are served.
    pub runtime: Handle,
    /// Reads what lies in buckets.
    pub files: Arc<dyn Files>,
    /// Told where a distribution listens.
    pub bound: Bound,
}

/// The data plane of all distributions. There is nothing of it before the first one.
pub struct Edge {
    desk: Arc<Desk>,
    runtime: Handle,
    bound: Bound,
    posts: Mutex<BTreeMap<String, Post>>,
}

/// Where a distribution listens.
struct Post {
    /// What is served there; it changes while connections go on.
    site: Arc<RwLock<Arc<Site>>>,
    listening: JoinHandle<()>,
}

// === impl Edge ===

impl Edge {
    /// An edge without distributions.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let Config { runtime, files, bound } = config;
        Self { desk: Arc::new(Desk::new(files)), runtime, bound, posts: Mutex::default() }
    }

    /// Serves these distributions and no others. Those that are new listen when this returns.
    pub fn apply(&self, sites: &Sites) {
        let mut posts = self.posts();
        posts.retain(|id, post| {
            let stays = sites.contains_key(id);
            if !stays {
                post.listening.abort();
                self.desk.store.forget(id, &["/*".to_owned()]);
            }
            stays
        });
        for (id, site) in sites {
            if let Some(post) = posts.get(id) {
                let mut held = post.site.write().unwrap_or_else(PoisonError::into_inner);
                *held = Arc::clone(site);
                continue;
            }
            match self.open(site) {
                Ok(post) => drop(posts.insert(id.clone(), post)),
                Err(why) => tracing::warn!(id, error = %why, "a distribution can't listen"),
            }
        }
    }

    /// Forgets what a distribution keeps of these paths.
    pub fn forget(&self, id: &str, paths: &[String]) {
        self.desk.store.forget(id, paths);
    }

    fn open(&self, site: &Arc<Site>) -> std::io::Result<Post> {
        let listener = bind(site.port)?;
        let port = listener.local_addr()?.port();
        listener.set_nonblocking(true)?;
        let listener = {
            let _inside = self.runtime.enter();
            TcpListener::from_std(listener)?
        };
        let held = Arc::new(RwLock::new(Arc::clone(site)));
        let listening =
            self.runtime.spawn(listen(Arc::clone(&self.desk), Arc::clone(&held), listener));
        (self.bound)(&site.id, port);
        Ok(Post { site: held, listening })
    }

    fn posts(&self) -> MutexGuard<'_, BTreeMap<String, Post>> {
        self.posts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.posts().values().for_each(|post| post.listening.abort());
    }
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.posts().keys()).finish()
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Config")
    }
}

/// Where it listened before, or anywhere.
fn bind(port: Option<u16>) -> std::io::Result<std::net::TcpListener> {
    let at = |port| std::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    port.map_or_else(|| at(0), |port| at(port).or_else(|_| at(0)))
}

async fn listen(desk: Arc<Desk>, site: Arc<RwLock<Arc<Site>>>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, viewer)) => {
                // Small answers must not wait for more to come.
                let _best_effort = stream.set_nodelay(true);
                tokio::spawn(converse(Arc::clone(&desk), Arc::clone(&site), stream, viewer));
            }
            Err(why) => {
                // Most likely too many open files; trying at once again would spin.
                tracing::warn!(error = %why, "a viewer's connection can't be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn converse(
    desk: Arc<Desk>,
    site: Arc<RwLock<Arc<Site>>>,
    stream: TcpStream,
    viewer: SocketAddr,
) {
    let service = service_fn(|request| {
        let site = Arc::clone(&site.read().unwrap_or_else(PoisonError::into_inner));
        let desk = Arc::clone(&desk);
        async move { Ok::<_, Infallible>(serve::answer(&desk, &site, viewer.ip(), request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    if let Err(why) = connection.await {
        tracing::debug!(error = %why, "a viewer's connection ended early");
    }
}
