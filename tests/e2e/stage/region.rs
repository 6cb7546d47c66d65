//! A region of a test: the real binary on a data directory of its own.
//!
//! It is gone with its last owner: its tasks, its networks, its folder, also after a panic.

use super::aws::{self, Refused};
use super::command::Line;
use super::processes::{is_alive, signal, until_gone};
use super::scratch::Scratch;
use super::{PATIENCE, binary, engine};
use api::Service;
use apply::{Client, Credentials};
use serde_json::Value as Json;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

/// How many times faster than AWS its waits pass: thirty seconds are six tenths of one.
const SPEED: u32 = 50;
/// The name of every region here, whatever this machine's environment says.
pub(crate) const NAME: &str = "us-east-1";
/// Its account.
pub(crate) const ACCOUNT: &str = "000000000000";
/// What is in the environment of every region, and must be in that of no task.
pub(crate) const CANARY: &str = "e2e-canary-7f3a";

/// What runs containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Driver {
    Process,
    Docker,
}

/// A running region. Cheap to clone; each test has a client of its own, for it has a runtime of its
/// own.
#[derive(Debug, Clone)]
pub(crate) struct Region {
    house: Arc<House>,
    client: Client,
}

/// What outlives a handle.
#[derive(Debug)]
struct House {
    scratch: Scratch,
    driver: Driver,
    speed: u32,
    pid: AtomicU32,
    port: AtomicU16,
    subnets: OnceLock<Vec<String>>,
}

// === impl Driver ===

impl Driver {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Docker => "docker",
        }
    }
}

// === impl Region ===

impl Region {
    /// A region of the test's own.
    pub(crate) async fn start(driver: Driver) -> Self {
        Self::start_with(driver, |line| line).await
    }

    /// The same, at a speed of the test's own.
    pub(crate) async fn start_at_speed(driver: Driver, speed: u32) -> Self {
        Self::open(House::new(driver, speed), |line| line).await
    }

    /// The same, started with more in its command line or environment.
    pub(crate) async fn start_with(driver: Driver, more: impl FnOnce(Line) -> Line) -> Self {
        Self::open(House::new(driver, SPEED), more).await
    }

    /// The region that tests with this driver share while one of them runs. Each of them keeps to
    /// clusters and names of its own.
    pub(crate) async fn shared(driver: Driver) -> Self {
        static SHARED: [tokio::sync::Mutex<Weak<House>>; 2] =
            [const { tokio::sync::Mutex::const_new(Weak::new()) }; 2];
        let mut held = SHARED[driver as usize].lock().await;
        if let Some(house) = held.upgrade() {
            return Self::of(house);
        }
        let region = Self::start(driver).await;
        *held = Arc::downgrade(&region.house);
        region
    }

    async fn open(house: Arc<House>, more: impl FnOnce(Line) -> Line) -> Self {
        let line = Line::new(binary::neargate()).args("region start --detach --data");
        let line = line.arg(house.scratch.path()).arg("--driver").arg(house.driver.word());
        let port = house.port.load(Ordering::Relaxed).to_string();
        let line = line.arg("--port").arg(port).args("--speed").arg(house.speed.to_string());
        let line = line.args("--region").arg(NAME).env("HOME", house.scratch.path());
        let line = line.env("NEARGATE_E2E_CANARY", CANARY).env("DOCKER_HOST", engine::host());
        more(line).run().await.expect(0);
        let mut region = Self::of(house);
        let status = region.neargate("region status --json").json().await;
        let number = |name: &str| status[name].as_u64().unwrap();
        region.house.pid.store(u32::try_from(number("pid")).unwrap(), Ordering::Relaxed);
        region.house.port.store(u16::try_from(number("port")).unwrap(), Ordering::Relaxed);
        region.client = region.client_of(NAME, "test", "test", None);
        region
    }

    fn of(house: Arc<House>) -> Self {
        let nobody =
            Credentials { access_key: "test".to_owned(), secret_key: "test".into(), token: None };
        let client = Client::new(endpoint(&house).parse().unwrap(), NAME.to_owned(), nobody);
        Self { house, client }
    }

    pub(crate) fn driver(&self) -> Driver {
        self.house.driver
    }

    /// Its data directory.
    pub(crate) fn data(&self) -> &Path {
        self.house.scratch.path()
    }

    /// The process that it is.
    pub(crate) fn pid(&self) -> u32 {
        self.house.pid.load(Ordering::Relaxed)
    }

    /// Where it answers.
    pub(crate) fn endpoint(&self) -> String {
        endpoint(&self.house)
    }

    /// A command line of the binary about this region.
    pub(crate) fn neargate(&self, words: &str) -> Line {
        let line = Line::new(binary::neargate()).args(words);
        let line = line.env("HOME", self.data()).env("NEARGATE_DATA", self.data());
        line.env("DOCKER_HOST", engine::host())
    }

    /// A client that signs with these keys for a region of this name.
    pub(crate) fn client_of(
        &self,
        name: &str,
        key: &str,
        secret: &str,
        token: Option<&str>,
    ) -> Client {
        let (access_key, secret_key) = (key.to_owned(), secret.to_owned().into());
        let token = token.map(|token| token.to_owned().into());
        let credentials = Credentials { access_key, secret_key, token };
        Client::new(self.endpoint().parse().unwrap(), name.to_owned(), credentials)
    }

    /// Makes a call that may be refused; none when the region is away.
    pub(crate) async fn try_reach(
        &self,
        service: Service,
        operation: &str,
        input: Json,
    ) -> Option<Result<Json, Refused>> {
        aws::call(&self.client, service, operation, &input).await
    }

    /// Makes a call that may be refused.
    pub(crate) async fn try_call(
        &self,
        service: Service,
        operation: &str,
        input: Json,
    ) -> Result<Json, Refused> {
        let outcome = self.try_reach(service, operation, input).await;
        outcome.unwrap_or_else(|| panic!("{operation}: the region can't be reached"))
    }

    /// Makes a call that must not be refused.
    pub(crate) async fn call(&self, service: Service, operation: &str, input: Json) -> Json {
        let output = self.try_call(service, operation, input).await;
        output.unwrap_or_else(|why| panic!("{operation}: {why:?}"))
    }

    pub(crate) async fn ecs(&self, operation: &str, input: Json) -> Json {
        self.call(Service::Ecs, operation, input).await
    }

    pub(crate) async fn elb(&self, operation: &str, input: Json) -> Json {
        self.call(Service::Elbv2, operation, input).await
    }

    pub(crate) async fn logs(&self, operation: &str, input: Json) -> Json {
        self.call(Service::Logs, operation, input).await
    }

    /// The ids of the subnets that it has from the start: other tests make and remove their own.
    pub(crate) async fn subnets(&self) -> Vec<String> {
        if let Some(known) = self.house.subnets.get() {
            return known.clone();
        }
        let there = serde_json::json!({ "Name": "default-for-az", "Values": ["true"] });
        let request = serde_json::json!({ "Filters": [there] });
        let found = self.call(Service::Ec2, "DescribeSubnets", request).await;
        let found = found["Subnets"].as_array().unwrap().iter();
        let ids: Vec<String> =
            found.map(|subnet| subnet["SubnetId"].as_str().unwrap().to_owned()).collect();
        self.house.subnets.get_or_init(|| ids).clone()
    }

    /// The id of the VPC that it has from the start.
    pub(crate) async fn vpc(&self) -> String {
        let there = serde_json::json!({ "Name": "is-default", "Values": ["true"] });
        let request = serde_json::json!({ "Filters": [there] });
        let found = self.call(Service::Ec2, "DescribeVpcs", request).await;
        found["Vpcs"][0]["VpcId"].as_str().unwrap().to_owned()
    }

    /// Kills its process, as a crash would.
    pub(crate) async fn kill(&self) {
        signal(self.pid(), rustix::process::Signal::KILL);
        until_gone(&[self.pid()], PATIENCE).await;
    }

    /// Starts it again after it was killed, where it was.
    pub(crate) async fn start_again(self) -> Self {
        let Self { house, client } = self;
        drop(client);
        Self::open(house, |line| line).await
    }
}

fn endpoint(house: &House) -> String {
    format!("http://127.0.0.1:{}", house.port.load(Ordering::Relaxed))
}

// === impl House ===

impl Drop for House {
    /// Ends it as a user would; where that fails, by force, so that a failed test leaves nothing.
    fn drop(&mut self) {
        let _one_at_a_time = ending();
        if std::thread::panicking() {
            self.tell();
        }
        let neargate = |words: &[&str]| {
            let mut command = Command::new(binary::neargate());
            command.args(words).arg("--data").arg(self.scratch.path());
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        if is_alive(self.pid.load(Ordering::Relaxed)) {
            neargate(&["region", "stop"]);
        } else if self.driver == Driver::Docker && self.scratch.path().exists() {
            neargate(&["region", "reset", "--yes"]);
        }
    }
}

impl House {
    fn new(driver: Driver, speed: u32) -> Arc<Self> {
        let (scratch, subnets) = (Scratch::new(), OnceLock::new());
        let (pid, port) = (AtomicU32::new(0), AtomicU16::new(0));
        Arc::new(Self { scratch, driver, speed, pid, port, subnets })
    }

    /// What the region had to say, for who looks at a failed test.
    #[expect(clippy::print_stderr, reason = "it is shown with the test's failure")]
    fn tell(&self) {
        let log = std::fs::read_to_string(self.scratch.path().join("region.log"));
        eprintln!("--- the region's log\n{}", log.unwrap_or_default());
    }
}

/// Regions end one after the other: engines dislike networks that go at the same moment.
fn ending() -> MutexGuard<'static, ()> {
    static ENDING: Mutex<()> = Mutex::new(());
    ENDING.lock().unwrap_or_else(PoisonError::into_inner)
}
