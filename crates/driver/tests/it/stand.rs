//! A driver to be tested, with everything that it sent.

use driver::docker::{self, Docker, Hints, Reach};
use driver::process::{Config, Process};
use driver::{
    Container, ContainerKey, Driver, Event, Events, Exit, Found, Line, Mark, Port, Sandbox, Stream,
    TaskKey, Wanted,
};
use model::Span;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Long enough for a slow machine; only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A driver, what it sent, and what it takes to start it again.
pub(crate) struct Stand {
    pub(crate) driver: Arc<dyn Driver>,
    pub(crate) heard: Heard,
    pub(crate) place: Place,
}

/// What outlives a driver: it goes away with the test.
#[derive(Clone)]
pub(crate) enum Place {
    Process(Arc<Scratch>),
    Docker(Arc<Region>),
}

/// A region's things in the engine; they go away with their last owner.
pub(crate) struct Region(pub(crate) String);

/// A folder that goes away with its last owner.
pub(crate) struct Scratch(pub(crate) PathBuf);

/// The events of a driver, as they come.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<Vec<Event>>>);

/// One test a driver for each of the functions below.
macro_rules! for_each_driver {
    ($($name:ident)*) => {
        mod process {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Stand::process().await).await;
            })*
        }

        mod docker {
            $(#[tokio::test]
            async fn $name() {
                if let Some(stand) = super::Stand::docker().await {
                    super::$name(stand).await;
                }
            })*
        }
    };
}
pub(crate) use for_each_driver;

// === impl Stand ===

impl Stand {
    pub(crate) async fn process() -> Self {
        Self::at(Place::Process(Arc::new(Scratch::new()))).await
    }

    /// Absent where there is no engine: the test then says so and passes.
    pub(crate) async fn docker() -> Option<Self> {
        let stand = Self::at(Place::Docker(Region::shared().await?)).await;
        for image in ["busybox:latest", "node:22-alpine"] {
            stand
                .driver
                .pull(Wanted { image: image.into(), words: Vec::new(), digest: None })
                .await
                .unwrap();
        }
        Some(stand)
    }

    pub(crate) async fn at(place: Place) -> Self {
        let (events, happened) = mpsc::channel(64);
        let driver: Arc<dyn Driver> = match &place {
            Place::Process(scratch) => Arc::new(scratch.driver(Span::seconds(10), events)),
            Place::Docker(region) => {
                Arc::new(region.connect(Region::hints(), None, events).await.unwrap())
            }
        };
        Self { driver, heard: Heard::listen(happened), place }
    }

    /// The driver goes without a word, as in a crash, and another one takes its place.
    pub(crate) async fn restart(self) -> Self {
        let Self { driver, place, .. } = self;
        drop(driver);
        Self::at(place).await
    }

    pub(crate) async fn open(&self, task: &TaskKey, ports: &[Port]) -> Ipv4Addr {
        let [a, b] = self.driver.network();
        let address = Ipv4Addr::new(a, b, 7, next_number());
        let sandbox = Sandbox { task: task.clone(), address, ports: ports.to_vec() };
        self.driver.open(sandbox).await.unwrap()
    }

    /// What the driver finds of a task.
    pub(crate) async fn found(&self, task: &TaskKey) -> Option<Found> {
        let found = self.driver.inventory().await.unwrap();
        found.into_iter().find(|found| found.task == *task)
    }

    /// The process driver's folder.
    pub(crate) fn scratch(&self) -> &Scratch {
        match &self.place {
            Place::Process(scratch) => scratch,
            Place::Docker(_) => panic!("a Docker driver has no folder"),
        }
    }

    /// The Docker driver's region.
    pub(crate) fn region(&self) -> &Region {
        match &self.place {
            Place::Docker(region) => region,
            Place::Process(_) => panic!("a process driver has no engine"),
        }
    }

    /// The same, but the host reaches containers like this.
    pub(crate) async fn reaching(self, reach: Reach) -> Self {
        let (events, happened) = mpsc::channel(64);
        let driver = self.region().connect(Region::hints(), Some(reach), events).await.unwrap();
        Self { driver: Arc::new(driver), heard: Heard::listen(happened), place: self.place }
    }

    /// The same, but the engine is reached through another socket.
    pub(crate) async fn through(self, socket: &Path) -> Self {
        let (events, happened) = mpsc::channel(64);
        let docker_host = Some(format!("unix://{}", socket.display()));
        let hints = Hints { docker_host, ..Hints::default() };
        let driver = self.region().connect(hints, None, events).await.unwrap();
        Self { driver: Arc::new(driver), heard: Heard::listen(happened), place: self.place }
    }

    /// Opens a task and starts a container that runs a script in it.
    pub(crate) async fn run(&self, script: &str) -> ContainerKey {
        let container = script_of(&task(), "main", script);
        self.open(&container.key.task, &[]).await;
        let key = container.key.clone();
        self.driver.start(container).await.unwrap();
        key
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let name = format!("driver-it-{}-{}", std::process::id(), next_number());
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn driver(&self, linger: Span, events: Events) -> Process {
        Process::new(self.config(linger, events)).unwrap()
    }

    pub(crate) fn config(&self, linger: Span, events: Events) -> Config {
        let (root, path) = (self.0.clone(), std::env::var("PATH").unwrap());
        Config { root, executable: stand_in(), path, linger, events }
    }
}

/// The region that tests share, while one has it. The lock is held while its things are removed.
static SHARED: Mutex<Weak<Region>> = Mutex::new(Weak::new());

// === impl Region ===

impl Region {
    /// The region that this process's tests share: ranges of addresses are few.
    pub(crate) async fn shared() -> Option<Arc<Self>> {
        let (events, _) = mpsc::channel(1);
        let id = format!("it{}", std::process::id());
        let hints = Self::hints();
        let config = docker::Config { region: id.clone(), hints, reach: None, events };
        if let Err(error) = Docker::connect(config).await {
            skip(&error);
            return None;
        }
        let mut shared = SHARED.lock().unwrap();
        let region = shared.upgrade().unwrap_or_else(|| Arc::new(Self(id)));
        *shared = Arc::downgrade(&region);
        Some(region)
    }

    /// A region that no other test has.
    pub(crate) fn own(id: &str) -> Arc<Self> {
        Arc::new(Self(id.to_owned()))
    }

    pub(crate) fn hints() -> Hints {
        Hints { docker_host: std::env::var("DOCKER_HOST").ok(), ..Hints::default() }
    }

    async fn connect(
        &self,
        hints: Hints,
        reach: Option<Reach>,
        events: Events,
    ) -> Result<Docker, driver::Error> {
        Docker::connect(docker::Config { region: self.0.clone(), hints, reach, events }).await
    }
}

#[expect(clippy::print_stderr, reason = "who reads the tests' output has to know")]
fn skip(error: &driver::Error) {
    eprintln!("SKIPPED, this test needs Docker: {error}");
}

impl Drop for Region {
    fn drop(&mut self) {
        let _lock = SHARED.lock().unwrap();
        let (events, _) = mpsc::channel(1);
        let region = std::mem::take(&mut self.0);
        let config = docker::Config { region, hints: Self::hints(), reach: None, events };
        // A runtime can't be entered from within another's.
        let removing = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                Docker::connect(config).await.unwrap().withdraw().await.unwrap();
            });
        });
        removing.join().unwrap();
    }
}

// === impl Heard ===

impl Heard {
    fn listen(mut happened: mpsc::Receiver<Event>) -> Self {
        let heard = Self::default();
        let writer = heard.clone();
        tokio::spawn(async move {
            while let Some(event) = happened.recv().await {
                writer.0.lock().unwrap().push(event);
            }
        });
        heard
    }

    /// The lines of a container so far.
    pub(crate) fn lines(&self, key: &ContainerKey) -> Vec<Line> {
        let events = self.0.lock().unwrap();
        let of = |event: &Event| match event {
            Event::Output { container, lines } if container == key => lines.clone(),
            _ => Vec::new(),
        };
        events.iter().flat_map(of).collect()
    }

    /// The texts of one of its streams so far.
    pub(crate) fn texts(&self, key: &ContainerKey, stream: Stream) -> Vec<String> {
        let lines = self.lines(key).into_iter();
        lines.filter(|line| line.stream == stream).map(|line| line.text).collect()
    }

    /// The exits of a container so far, each with its run.
    pub(crate) fn exits(&self, key: &ContainerKey) -> Vec<(u32, Exit)> {
        let events = self.0.lock().unwrap();
        let of = |event: &Event| match event {
            Event::Exited { container, run, exit } if container == key => Some((*run, *exit)),
            _ => None,
        };
        events.iter().filter_map(of).collect()
    }

    /// Waits for a line that begins like this, and answers its rest.
    pub(crate) async fn line(&self, key: &ContainerKey, start: &str) -> String {
        let find = || {
            let lines = self.lines(key);
            lines.iter().find_map(|line| line.text.strip_prefix(start).map(str::to_owned))
        };
        until(&format!("a line `{start}…`"), find).await
    }

    /// Waits for the exit of a container's run.
    pub(crate) async fn exit(&self, key: &ContainerKey, run: u32) -> Exit {
        let find =
            || self.exits(key).into_iter().find(|(ended, _)| *ended == run).map(|(_, exit)| exit);
        until("the exit", find).await
    }

    /// The mark of the last line of each container.
    pub(crate) fn marks(&self) -> BTreeMap<ContainerKey, Mark> {
        let events = self.0.lock().unwrap();
        let of = |event: &Event| match event {
            Event::Output { container, lines } => {
                Some((container.clone(), lines.last().unwrap().mark))
            }
            Event::Exited { .. } => None,
        };
        events.iter().filter_map(of).collect()
    }
}

/// Waits until there is an answer.
pub(crate) async fn until<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} did not come in {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// A task that no other test has.
pub(crate) fn task() -> TaskKey {
    let id = format!("{:08x}{:024x}", std::process::id(), next_id());
    TaskKey { cluster: "default".into(), id: id.into() }
}

/// A container that runs a script of the shell.
pub(crate) fn script_of(task: &TaskKey, name: &str, script: &str) -> Container {
    Container {
        key: ContainerKey { task: task.clone(), name: name.into() },
        image: "busybox:latest".to_owned(),
        entry_point: Some(words(&["/bin/sh", "-c"])),
        command: Some(words(&[script])),
        ..Container::default()
    }
}

/// A container that runs a program of Node.
pub(crate) fn node_of(task: &TaskKey, name: &str, program: &str) -> Container {
    Container {
        key: ContainerKey { task: task.clone(), name: name.into() },
        image: "node:22-alpine".to_owned(),
        command: Some(words(&["node", "-e", program])),
        ..Container::default()
    }
}

pub(crate) fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&word| word.to_owned()).collect()
}

pub(crate) fn stand_in() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_stand-in"))
}

fn next_id() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(10);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn next_number() -> u8 {
    u8::try_from(next_id() % 240).unwrap() + 10
}

/// The answer of a web server, heads and all.
pub(crate) fn get(address: Ipv4Addr, port: u16) -> String {
    let mut stream = TcpStream::connect((address, port)).unwrap();
    stream.write_all(b"GET / HTTP/1.0\r\nHost: a\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
