//! What only the Docker driver does: limits hold, networks are where they should be, and nothing
//! is left in the engine.

use crate::proxy::Proxy;
use crate::stand::{Place, Region, Scratch, Stand, get, node_of, script_of, task, until};
use bollard::models::ContainerInspectResponse;
use bollard::query_parameters::{
    InspectContainerOptions, ListContainersOptions, ListNetworksOptions, ListVolumesOptions,
    RemoveContainerOptions, RemoveImageOptions,
};
use driver::docker::build::{Build, BuildError, build};
use driver::docker::{self, Reach};
use driver::{
    Choice, Container, ContainerKey, Kind, Mount, Port, Reserved, Stream, Ulimit, Wanted, choose,
};
use model::Span;
use std::collections::HashMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;

/// A test that passes where there is no engine.
macro_rules! with_docker {
    ($($name:ident)*) => {
        mod with_docker {
            $(#[tokio::test]
            async fn $name() {
                if let Some(stand) = super::Stand::docker().await {
                    super::$name(stand).await;
                }
            })*
        }
    };
}

with_docker! {
    too_much_memory_ends_a_container_and_says_so
    limits_reach_the_engine
    a_task_may_be_larger_than_the_machine
    limits_of_processes_hold
    a_container_runs_as_its_user
    a_read_only_root_can_not_be_written
    capabilities_kernel_parameters_and_init_hold
    a_terminal_is_attached
    standard_input_stays_open
    a_task_has_its_address_and_the_host_reaches_it
    the_region_is_reached_at_the_link_address
    published_ports_lead_to_the_task
    a_volume_is_shared_and_goes_with_its_task
    a_present_image_is_pinned_by_its_digest
    the_images_stop_signal_is_sent_and_its_health_check_is_not_run
    a_container_that_somebody_removed_has_ended
    a_broken_connection_to_the_engine_loses_no_line
    traffic_is_counted
    two_regions_share_an_engine_and_leave_nothing
    a_build_prints_its_steps_and_respects_what_is_ignored
    docker_is_chosen_where_an_engine_answers
    a_failed_build_says_which_step
}

async fn too_much_memory_ends_a_container_and_says_so(stand: Stand) {
    let mut container = script_of(&task(), "main", "exec tail /dev/zero");
    container.reserved = Reserved { task_memory: 16, ..Reserved::default() };
    let exit = run_to_end(&stand, container).await.1;
    assert_eq!((exit.code, exit.out_of_memory), (137, true));
}

async fn limits_reach_the_engine(stand: Stand) {
    let mut container = script_of(&task(), "main", "exec sleep 1000");
    container.reserved = Reserved {
        task_cpu: 512,
        task_memory: 1024,
        cpu: 128,
        memory: Some(64),
        memory_reservation: Some(32),
    };
    let key = start(&stand, container).await;
    let host = inspect(&stand, &key).await.host_config.unwrap();
    assert_eq!(host.nano_cpus, Some(500_000_000));
    assert_eq!(host.cpu_shares, Some(128));
    assert_eq!((host.memory, host.memory_swap), (Some(64 << 20), Some(64 << 20)));
    assert_eq!(host.memory_reservation, Some(32 << 20));
    let log = host.log_config.unwrap();
    assert_eq!(log.typ.as_deref(), Some("json-file"));
    assert!(log.config.unwrap().contains_key("max-size"));
    stand.driver.close(key.task).await.unwrap();
}

async fn a_task_may_be_larger_than_the_machine(stand: Stand) {
    let mut container = script_of(&task(), "main", "echo up");
    container.reserved = Reserved { task_cpu: 16_384, task_memory: 122_880, ..Reserved::default() };
    assert_eq!(run_to_end(&stand, container).await.0, ["up"]);
}

async fn limits_of_processes_hold(stand: Stand) {
    let mut container = script_of(&task(), "main", "ulimit -Sn; ulimit -Hn");
    container.ulimits = vec![Ulimit { name: "nofile".into(), soft: 64, hard: 128 }];
    assert_eq!(run_to_end(&stand, container).await.0, ["64", "128"]);
}

async fn a_container_runs_as_its_user(stand: Stand) {
    let mut container = script_of(&task(), "main", "id -u; id -g");
    container.user = Some("1234:2345".into());
    assert_eq!(run_to_end(&stand, container).await.0, ["1234", "2345"]);
}

async fn a_read_only_root_can_not_be_written(stand: Stand) {
    for (read_only, expected) in [(true, "no"), (false, "yes")] {
        let mut container = script_of(&task(), "main", "touch /file 2>&- && echo yes || echo no");
        container.read_only_root = read_only;
        assert_eq!(run_to_end(&stand, container).await.0, [expected]);
    }
}

async fn capabilities_kernel_parameters_and_init_hold(stand: Stand) {
    let script = "grep CapEff /proc/self/status | cut -f2; cat /proc/sys/net/ipv4/ip_local_port_range; \
                  cat /proc/1/comm";
    let mut container = script_of(&task(), "main", script);
    container.capabilities.drop = vec!["ALL".into()];
    container.capabilities.add = vec!["SYS_PTRACE".into()];
    container.system_controls =
        [("net.ipv4.ip_local_port_range".to_owned(), "2000 3000".to_owned())].into();
    container.init = true;
    let lines = run_to_end(&stand, container).await.0;
    assert_eq!(lines, ["0000000000080000", "2000\t3000", "docker-init"]);
}

async fn a_terminal_is_attached(stand: Stand) {
    let mut container = script_of(&task(), "main", "tty; printf rest");
    container.tty = true;
    let lines = run_to_end(&stand, container).await.0;
    assert!(lines[0].starts_with("/dev/pts/"), "{lines:?}");
    assert_eq!(lines[1..], ["rest"]);
}

async fn standard_input_stays_open(stand: Stand) {
    let mut container = script_of(&task(), "main", "echo up; read line; echo over");
    container.stdin = true;
    let key = start(&stand, container).await;
    stand.heard.line(&key, "up").await;
    assert_eq!(inspect(&stand, &key).await.state.unwrap().running, Some(true));
    stand.driver.close(key.task).await.unwrap();
}

async fn a_task_has_its_address_and_the_host_reaches_it(stand: Stand) {
    let task = task();
    let address = stand.open(&task, &[Port::tcp(80)]).await;
    let [a, b] = stand.driver.network();
    assert_eq!(address.octets()[..3], [a, b, 7]);
    let server = "require('http').createServer((_, answer) => answer.end('found')).listen(80, \
                  () => console.log(require('os').networkInterfaces().eth0[0].address))";
    let mut container = node_of(&task, "main", server);
    container.ports = vec![Port::tcp(80)];
    let key = container.key.clone();
    let ports = stand.driver.start(container).await.unwrap().ports;
    assert_eq!(stand.heard.line(&key, "").await, address.to_string());
    assert!(get(address, ports[0].host_port).ends_with("found"));
    stand.driver.close(key.task).await.unwrap();
}

async fn the_region_is_reached_at_the_link_address(stand: Stand) {
    let address = stand.driver.host_address().await.unwrap().unwrap();
    assert_eq!(address.octets(), [169, 254, 170, 2]);
    let region = TcpListener::bind((address, 0)).unwrap();
    let port = region.local_addr().unwrap().port();
    let answering = std::thread::spawn(move || {
        let (mut connection, _) = region.accept().unwrap();
        let mut request = [0; 5];
        connection.read_exact(&mut request).unwrap();
        connection.write_all(b"HTTP/1.0 200 OK\r\n\r\nmetadata\n").unwrap();
        request
    });
    let script = format!("wget -qO- http://{address}:{port}/v4; grep -c host.docker /etc/hosts");
    let container = script_of(&task(), "main", &script);
    assert_eq!(run_to_end(&stand, container).await.0, ["metadata", "1"]);
    assert_eq!(&answering.join().unwrap(), b"GET /");
}

async fn published_ports_lead_to_the_task(stand: Stand) {
    let stand = stand.reaching(Reach::PublishedPorts).await;
    let task = task();
    let address = stand.open(&task, &[Port::tcp(80), Port::udp(53)]).await;
    assert!(address.is_loopback());
    let server = "require('http').createServer((_, answer) => answer.end('found'))
        .listen(80, () => console.log('up'))";
    let mut container = node_of(&task, "main", server);
    container.ports = vec![Port::tcp(80), Port::udp(53)];
    let key = container.key.clone();
    let ports = stand.driver.start(container.clone()).await.unwrap().ports;
    assert_eq!([ports[0].port, ports[1].port], [Port::tcp(80), Port::udp(53)]);
    stand.heard.line(&key, "up").await;
    assert!(get(address, ports[0].host_port).ends_with("found"));
    assert_eq!(stand.found(&task).await.unwrap().address, Some(address));
    container.key.name = "other".into();
    container.ports = vec![Port::tcp(81)];
    let error = stand.driver.start(container).await.unwrap_err().to_string();
    assert!(error.contains("81/tcp"), "{error}");
    stand.driver.close(key.task).await.unwrap();
}

async fn a_volume_is_shared_and_goes_with_its_task(stand: Stand) {
    let task = task();
    stand.open(&task, &[]).await;
    for (name, script, read_only) in [
        ("writer", "echo shared > /data/file", false),
        ("reader", "cat /data/file; touch /data/x 2>&- || echo kept", true),
    ] {
        let mut container = script_of(&task, name, script);
        container.mounts = vec![Mount { volume: "data".into(), path: "/data".into(), read_only }];
        let key = container.key.clone();
        stand.driver.start(container).await.unwrap();
        assert_eq!(stand.heard.exit(&key, 0).await.code, 0);
    }
    let key = ContainerKey { task: task.clone(), name: "reader".into() };
    assert_eq!(stand.heard.texts(&key, Stream::Stdout), ["shared", "kept"]);
    stand.driver.close(task).await.unwrap();
    assert_eq!(left_in_engine(stand.region()).await, ["network"]);
}

async fn a_present_image_is_pinned_by_its_digest(stand: Stand) {
    let wanted = Wanted { image: "busybox:latest".into(), words: Vec::new(), digest: None };
    let digest = stand.driver.pull(wanted).await.unwrap().digest.unwrap();
    assert!(digest.starts_with("sha256:"), "{digest}");
    let mut container = script_of(&task(), "main", "echo up");
    container.image = "busybox:moved".into();
    container.digest = Some(digest.clone());
    assert_eq!(run_to_end(&stand, container).await.0, ["up"]);

    // A later task of a deployment gets what its first one got, although the tag has gone.
    let moved =
        Wanted { image: "busybox:moved".into(), words: Vec::new(), digest: Some(digest.clone()) };
    assert_eq!(stand.driver.pull(moved).await.unwrap().digest, Some(digest));

    let mut container = script_of(&task(), "main", "exit 0");
    container.image = "no-such-image:1".into();
    stand.open(&container.key.task, &[]).await;
    let error = stand.driver.start(container.clone()).await.unwrap_err().to_string();
    assert!(error.starts_with("CannotStartContainerError: No such image"), "{error}");
    stand.driver.close(container.key.task).await.unwrap();
}

async fn the_images_stop_signal_is_sent_and_its_health_check_is_not_run(stand: Stand) {
    let files = Files::new(
        "signal",
        &[("Dockerfile", "FROM busybox\nSTOPSIGNAL SIGUSR1\nHEALTHCHECK CMD exit 1\n")],
    );
    let tag = files.tag();
    files.build("Dockerfile", |_| {}).await.unwrap();
    let script = "trap 'exit 9' USR1; echo up; while :; do sleep 0.05; done";
    let mut container = script_of(&task(), "main", script);
    container.image.clone_from(&tag);
    let key = start(&stand, container).await;
    stand.heard.line(&key, "up").await;
    assert_eq!(inspect(&stand, &key).await.state.unwrap().health, None);
    stand.driver.signal(key.clone()).await.unwrap();
    assert_eq!(stand.heard.exit(&key, 0).await.code, 9);
    stand.driver.close(key.task).await.unwrap();
    remove_image(&tag).await;
}

async fn a_container_that_somebody_removed_has_ended(stand: Stand) {
    let key = stand.run("echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    let options = RemoveContainerOptions { force: true, ..Default::default() };
    engine().remove_container(&name(&stand, &key), Some(options)).await.unwrap();
    assert_eq!(stand.heard.exit(&key, 0).await.code, 137);
    stand.driver.close(key.task).await.unwrap();
}

async fn a_broken_connection_to_the_engine_loses_no_line(stand: Stand) {
    let proxy = Proxy::start();
    let stand = stand.through(&proxy.socket).await;
    let script = "n=0; while [ $n -lt 200 ]; do n=$((n+1)); echo $n; sleep 0.005; done; exit 3";
    let key = stand.run(script).await;
    for wanted in [20, 60] {
        let enough = || (stand.heard.lines(&key).len() >= wanted).then_some(());
        until("enough lines", enough).await;
        proxy.cut();
        let cut = stand.driver.inventory().await;
        assert!(cut.is_err(), "no way leads to the engine");
        proxy.mend();
    }
    assert_eq!(stand.heard.exit(&key, 0).await.code, 3);
    let numbers = stand.heard.texts(&key, Stream::Stdout);
    assert!(numbers.iter().cloned().eq((1..=200).map(|n| n.to_string())), "{numbers:?}");
    stand.driver.close(key.task).await.unwrap();
}

async fn traffic_is_counted(stand: Stand) {
    let key = stand.run("nc -w1 169.254.170.2 9; echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    let stats = stand.driver.stats(key.clone()).await.unwrap().unwrap();
    assert!(stats.traffic.is_some_and(|traffic| traffic.sent > 0), "{stats:?}");
    stand.driver.close(key.task).await.unwrap();
}

async fn two_regions_share_an_engine_and_leave_nothing(stand: Stand) {
    let key = stand.run("exec sleep 1000").await;
    let second = Region::own(&format!("{}b", stand.region().0));
    let other = Stand::at(Place::Docker(Arc::clone(&second))).await;
    assert_ne!(other.driver.network(), stand.driver.network());
    let other_key = other.run("exec sleep 1000").await;
    assert_eq!(other.found(&key.task).await, None);
    assert_eq!(stand.found(&other_key.task).await, None);
    other.driver.withdraw().await.unwrap();
    assert!(left_in_engine(&second).await.is_empty());
    assert!(stand.found(&key.task).await.is_some());
    stand.driver.close(key.task).await.unwrap();
}

async fn a_build_prints_its_steps_and_respects_what_is_ignored(stand: Stand) {
    let dockerfile = "FROM busybox AS base\nARG WORD=none\nENV WORD=$WORD\nCOPY . /app\n\
                      RUN echo building $WORD\nCMD cat /app/* && echo $WORD\n\
                      FROM base AS last\nRUN exit 1\n";
    let files = Files::new(
        "build",
        &[
            ("Dockerfile", dockerfile),
            (".dockerignore", "*\n!in"),
            ("in", "in\n"),
            ("out", "out\n"),
        ],
    );
    let mut printed = Vec::new();
    let id = files.build("Dockerfile", |line| printed.push(line.to_owned())).await.unwrap();
    assert!(printed.contains(&"building fine".to_owned()), "{printed:?}");
    assert!(printed.iter().any(|line| line.starts_with("Step 1/")), "{printed:?}");
    let tag = files.tag();
    let image = stand
        .driver
        .pull(Wanted { image: tag.clone(), words: Vec::new(), digest: None })
        .await
        .unwrap();
    assert_eq!(image.digest.as_ref(), Some(&id));
    let container = Container {
        key: ContainerKey { task: task(), name: "main".into() },
        image: tag.clone(),
        digest: image.digest,
        ..Container::default()
    };
    assert_eq!(run_to_end(&stand, container).await.0, ["in", "fine"]);
    let layers = docker::layers(&Region::hints(), &tag).await.unwrap();
    let last = layers.last().unwrap();
    // `in` has three bytes; what `RUN echo` and the words about the image add is nothing.
    assert!(last.bytes == 3 && last.made_by.starts_with("COPY"), "{layers:?}");
    remove_image(&tag).await;
}

async fn docker_is_chosen_where_an_engine_answers(stand: Stand) {
    let scratch = Scratch::new();
    let (events, _happened) = mpsc::channel(1);
    let process = scratch.config(Span::ZERO, events.clone());
    let region = stand.region().0.clone();
    let docker = docker::Config { region, hints: Region::hints(), reach: None, events };
    let chosen = choose(Choice::Auto, docker, process).await.unwrap();
    assert_eq!(chosen.kind(), Kind::Docker);
}

async fn a_failed_build_says_which_step(_stand: Stand) {
    let files = Files::new("failed", &[("Dockerfile", "FROM busybox AS base\nRUN exit 7\n")]);
    let error = files.build("Dockerfile", |_| {}).await.unwrap_err();
    assert!(matches!(&error, BuildError::Failed(why) if why.contains("7")), "{error}");
    let error = files.build("none", |_| {}).await.unwrap_err();
    assert!(matches!(error, BuildError::Context(_)), "{error}");
}

/// Starts a container in a task of its own.
async fn start(stand: &Stand, container: Container) -> ContainerKey {
    let key = container.key.clone();
    stand.open(&key.task, &[]).await;
    stand.driver.start(container).await.unwrap();
    key
}

/// What a container writes to its standard output, and how it ends.
async fn run_to_end(stand: &Stand, container: Container) -> (Vec<String>, driver::Exit) {
    let key = start(stand, container).await;
    let exit = stand.heard.exit(&key, 0).await;
    stand.driver.close(key.task.clone()).await.unwrap();
    (stand.heard.texts(&key, Stream::Stdout), exit)
}

async fn inspect(stand: &Stand, key: &ContainerKey) -> ContainerInspectResponse {
    let name = name(stand, key);
    engine().inspect_container(&name, None::<InspectContainerOptions>).await.unwrap()
}

fn name(stand: &Stand, key: &ContainerKey) -> String {
    format!("neargate-{}-{}-{}", stand.region().0, key.task.id, key.name)
}

fn engine() -> bollard::Docker {
    bollard::Docker::connect_with_unix_defaults().unwrap()
}

/// Kinds of things that an engine has of a region.
async fn left_in_engine(region: &Region) -> Vec<&'static str> {
    let label = format!("neargate.region={}", region.0);
    let filters = Some(HashMap::from([("label".to_owned(), vec![label])]));
    let options =
        ListContainersOptions { all: true, filters: filters.clone(), ..Default::default() };
    let containers = engine().list_containers(Some(options)).await.unwrap();
    let options = ListVolumesOptions { filters: filters.clone() };
    let volumes = engine().list_volumes(Some(options)).await.unwrap().volumes.unwrap_or_default();
    let networks = engine().list_networks(Some(ListNetworksOptions { filters })).await.unwrap();
    // Other tests run tasks in the shared region at the same time, but none of them has volumes.
    let shared = region.0.ends_with(char::is_numeric);
    let mut left = Vec::new();
    left.extend((!shared && !containers.is_empty()).then_some("container"));
    left.extend((!volumes.is_empty()).then_some("volume"));
    left.extend((!networks.is_empty()).then_some("network"));
    left
}

async fn remove_image(tag: &str) {
    let options = RemoveImageOptions { force: true, ..Default::default() };
    engine().remove_image(tag, Some(options), None).await.unwrap();
}

/// A build's context, which goes away with the test.
struct Files(std::path::PathBuf);

impl Files {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let name = format!("driver-build-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        for (path, text) in files {
            fs::write(folder.join(path), text).unwrap();
        }
        Self(folder)
    }

    fn tag(&self) -> String {
        let name = self.0.file_name().unwrap().to_string_lossy().into_owned();
        format!("neargate-test/{name}:latest")
    }

    async fn build(
        &self,
        dockerfile: &str,
        progress: impl FnMut(&str) + Send,
    ) -> Result<String, BuildError> {
        let order = Build {
            context: self.0.clone(),
            dockerfile: Path::new(dockerfile).to_owned(),
            tag: self.tag(),
            arguments: [("WORD".to_owned(), "fine".to_owned())].into(),
            target: dockerfile_has_base(&self.0).then(|| "base".to_owned()),
            platform: None,
            secrets: std::collections::BTreeMap::new(),
        };
        build(&Region::hints(), &order, progress).await
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn dockerfile_has_base(folder: &Path) -> bool {
    fs::read_to_string(folder.join("Dockerfile")).unwrap().contains("AS base")
}
