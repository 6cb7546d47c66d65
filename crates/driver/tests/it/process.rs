//! What only the process driver does: nothing leaks into a task, and nothing of a task leaks out.

use crate::stand::{Place, Scratch, Stand, script_of, stand_in, task, until, words};
use driver::docker::{self, Hints};
use driver::process::image::{ImageConfig, Source};
use driver::process::{Config, Process};
use driver::{
    Choice, Container, ContainerKey, Driver, Kind, Mount, Port, Sandbox, Stream, Ulimit, Wanted,
    choose,
};
use model::Span;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Names its process, one that left its session and its parent, and then does nothing for long.
const WITH_DAEMON: &str = "echo main=$$; (setsid sh -c 'echo daemon=$$; exec sleep 1000' &); \
                           while :; do sleep 1; done";

#[tokio::test]
async fn nothing_of_the_regions_environment_reaches_a_task() {
    let scratch = Scratch::new();
    let (mut region, output) = region(&scratch, 0, &["env; echo end"]);
    let lines = output.lines().map(Result::unwrap).take_while(|line| line != "end");
    let mut names: Vec<String> =
        lines.map(|line| line.split('=').next().unwrap().to_owned()).collect();
    region.kill().unwrap();
    region.wait().unwrap();
    // These the shell adds itself.
    names.retain(|name| !["PWD", "SHLVL", "_", "OLDPWD"].contains(&name.as_str()));
    names.sort();
    assert_eq!(names, ["HOME", "HOSTNAME", "PATH", "TMPDIR"]);
}

/// `nohup`, and scripts that start something in the background, leave signals ignored.
#[tokio::test]
async fn a_program_hears_the_signals_that_the_region_ignores() {
    let scratch = Scratch::new();
    let ignoring = "trap '' HUP INT QUIT ALRM USR1 USR2; exec \"$0\" \"$@\"";
    let mut command = Command::new("/bin/sh");
    command.args(["-c", ignoring]).arg(stand_in());
    let script = "while read -r name value; do test $name = SigIgn: && echo $value; done \
                  </proc/$$/status; echo end";
    let (mut region, output) = region_by(&mut command, &scratch, 0, &[script]);
    let lines: Vec<String> =
        output.lines().map(Result::unwrap).take_while(|line| line != "end").collect();
    region.kill().unwrap();
    region.wait().unwrap();
    let [ignored] = lines.as_slice() else { panic!("{lines:?}") };
    // The numbers above these are not for programs.
    let ignored = u64::from_str_radix(ignored, 16).unwrap() & 0x7fff_ffff;
    assert_eq!(ignored, 0, "{ignored:#x}");
}

#[tokio::test]
async fn a_secret_is_in_no_argument_and_no_file() {
    let stand = Stand::process().await;
    let secret = "canary-4f1d9c";
    let mut container = script_of(&task(), "main", "echo up; exec sleep 1000");
    container.secrets.insert("SECRET".into(), secret.into());
    let key = container.key.clone();
    stand.open(&key.task, &[]).await;
    stand.driver.start(container).await.unwrap();
    stand.heard.line(&key, "up").await;
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let arguments = fs::read(process.path().join("cmdline")).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&arguments).contains(secret));
    }
    for path in files(&stand.scratch().0) {
        let text = fs::read(&path).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&text).contains(secret), "{}", path.display());
    }
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn daemons_end_with_their_container() {
    let stand = Stand::process().await;
    let key = stand.run(WITH_DAEMON).await;
    let daemon = pid(&stand.heard.line(&key, "daemon=").await);
    stand.driver.kill(key.clone()).await.unwrap();
    stand.heard.exit(&key, 0).await;
    assert!(!is_alive(daemon), "the exit is told when nothing is left");
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn a_killed_shim_or_keeper_takes_the_container_with_it() {
    for role in ["__shim", "__keep"] {
        let stand = Stand::process().await;
        let key = stand.run(WITH_DAEMON).await;
        let main = pid(&stand.heard.line(&key, "main=").await);
        let daemon = pid(&stand.heard.line(&key, "daemon=").await);
        let supervisor = ancestor(main, role);
        kill(supervisor);
        assert_eq!(stand.heard.exit(&key, 0).await.code, 137, "{role}");
        for left in [main, daemon] {
            until("the end of what was left", || (!is_alive(left)).then_some(())).await;
        }
        stand.driver.close(key.task).await.unwrap();
    }
}

#[tokio::test]
async fn a_killed_region_that_does_not_return_takes_its_containers_with_it() {
    let scratch = Scratch::new();
    let (mut region, mut output) = region(&scratch, 300, &[WITH_DAEMON]);
    let (main, daemon) = read_pids(&mut output);
    region.kill().unwrap();
    region.wait().unwrap();
    for left in [main, daemon] {
        until("the end of what was left", || (!is_alive(left)).then_some(())).await;
    }
    let stand = Stand::at(Place::Process(Arc::new(scratch))).await;
    let found = stand.driver.adopt([].into()).await.unwrap();
    let key = ContainerKey { task: found[0].task.clone(), name: "c0".into() };
    assert_eq!(stand.heard.exit(&key, 0).await.code, 137);
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn a_killed_region_that_returns_in_time_adopts_its_containers() {
    let scratch = Scratch::new();
    let (mut region, mut output) = region(&scratch, 30_000, &[WITH_DAEMON]);
    let (main, daemon) = read_pids(&mut output);
    region.kill().unwrap();
    region.wait().unwrap();
    let stand = Stand::at(Place::Process(Arc::new(scratch))).await;
    let found = stand.driver.adopt([].into()).await.unwrap();
    let key = ContainerKey { task: found[0].task.clone(), name: "c0".into() };
    assert!(is_alive(main) && is_alive(daemon));
    assert!(stand.driver.stats(key.clone()).await.unwrap().is_some());
    stand.driver.kill(key.clone()).await.unwrap();
    assert_eq!(stand.heard.exit(&key, 0).await.code, 137);
    assert!(!is_alive(main) && !is_alive(daemon));
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn a_container_waits_for_an_absent_region_and_loses_no_line() {
    let stand = Stand::process().await;
    let script = "echo go; i=0; while [ $i -lt 40000 ]; do i=$((i+1)); \
                  echo $i-0123456789012345678901234567890123456789; done";
    let key = stand.run(script).await;
    stand.heard.line(&key, "go").await;
    let heard = stand.heard.clone();
    let stand = stand.restart().await;
    let mut lines = heard.lines(&key);
    stand.driver.adopt(heard.marks()).await.unwrap();
    assert_eq!(stand.heard.exit(&key, 0).await.code, 0);
    lines.extend(stand.heard.lines(&key));
    let numbers = lines.iter().skip(1).map(|line| line.text.split('-').next().unwrap());
    assert!(numbers.eq((1..=40_000).map(|n: u32| n.to_string())), "{} lines", lines.len());
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn a_region_that_no_longer_listens_takes_nothing() {
    let scratch = Scratch::new();
    let (events, happened) = mpsc::channel(64);
    drop(happened);
    let driver = scratch.driver(Span::seconds(10), events);
    let container = script_of(&task(), "main", "echo one; echo two; exit 3");
    let key = container.key.clone();
    driver.open(sandbox(&key)).await.unwrap();
    driver.start(container).await.unwrap();
    let folder = scratch.0.join("tasks").join(key.task.id.as_str()).join("containers/main");
    until("the exit", || folder.join("exit.json").exists().then_some(())).await;
    drop(driver);
    let stand = Stand::at(Place::Process(Arc::new(scratch))).await;
    stand.driver.adopt([].into()).await.unwrap();
    assert_eq!(stand.heard.exit(&key, 0).await.code, 3);
    assert_eq!(stand.heard.texts(&key, Stream::Stdout), ["one", "two"]);
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn a_task_without_a_listener_can_be_closed() {
    let scratch = Scratch::new();
    let (events, happened) = mpsc::channel(64);
    drop(happened);
    let driver = scratch.driver(Span::seconds(10), events);
    let container = script_of(&task(), "main", "echo one; exec sleep 1000");
    let key = container.key.clone();
    driver.open(sandbox(&key)).await.unwrap();
    driver.start(container).await.unwrap();
    driver.close(key.task).await.unwrap();
    assert_eq!(driver.inventory().await.unwrap(), []);
}

#[tokio::test]
async fn what_an_interrupted_call_left_is_removed() {
    let stand = Stand::process().await;
    let key = stand.run("echo up; exec sleep 1000").await;
    let tasks = stand.scratch().0.join("tasks");
    fs::create_dir_all(tasks.join("half/containers")).unwrap();
    fs::create_dir_all(tasks.join("empty")).unwrap();
    fs::write(tasks.join("empty/task.json"), "").unwrap();
    stand.driver.adopt([].into()).await.unwrap();
    assert_eq!(fs::read_dir(&tasks).unwrap().count(), 1);
    assert!(stand.found(&key.task).await.is_some());
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn no_name_leads_out_of_the_drivers_folder() {
    let stand = Stand::process().await;
    let mut key = stand.run("exit 0").await;
    for name in ["../main", ".."] {
        let error = stand.driver.start(script_of(&key.task, name, "exit 0")).await.unwrap_err();
        assert!(error.to_string().ends_with("is no name"), "{error}");
        let mut container = script_of(&key.task, "other", "exit 0");
        container.mounts =
            vec![Mount { volume: name.into(), path: "/data".into(), read_only: false }];
        let error = stand.driver.start(container).await.unwrap_err();
        assert!(error.to_string().ends_with("is no name"), "{error}");
    }
    stand.driver.close(key.task.clone()).await.unwrap();
    key.task.id = "../tasks/other".into();
    let error = stand.driver.open(sandbox(&key)).await.unwrap_err();
    assert!(error.to_string().ends_with("is no task id"), "{error}");
}

#[tokio::test]
async fn resource_limits_hold() {
    let stand = Stand::process().await;
    let limit = |soft, hard| vec![Ulimit { name: "nofile".to_owned(), soft, hard }];
    for (limits, expected) in [(limit(64, 128), "64 128"), (Vec::new(), "")] {
        let mut container = script_of(&task(), "main", "echo $(ulimit -Sn) $(ulimit -Hn)");
        container.ulimits = limits;
        let key = container.key.clone();
        stand.open(&key.task, &[]).await;
        stand.driver.start(container).await.unwrap();
        stand.heard.exit(&key, 0).await;
        let shown = stand.heard.texts(&key, Stream::Stdout).concat();
        let (soft, hard) = shown.split_once(' ').unwrap();
        if expected.is_empty() {
            assert_eq!(soft, hard);
            assert!(soft.parse::<u32>().unwrap() <= 65_535, "{soft}");
        } else {
            assert_eq!(shown, expected);
        }
        stand.driver.close(key.task).await.unwrap();
    }
}

#[tokio::test]
async fn a_limit_that_can_not_be_set_starts_nothing() {
    let stand = Stand::process().await;
    let mut container = script_of(&task(), "main", "exit 0");
    container.ulimits = vec![Ulimit { name: "core".to_owned(), soft: 2, hard: 1 }];
    stand.open(&container.key.task, &[]).await;
    let error = stand.driver.start(container.clone()).await.unwrap_err().to_string();
    assert!(error.contains("ulimit core=2:1"), "{error}");
    stand.driver.close(container.key.task).await.unwrap();
}

#[tokio::test]
async fn a_port_stays_the_tasks_over_runs_and_restarts() {
    let stand = Stand::process().await;
    let mut container = script_of(&task(), "main", "echo port=$PORT,$PORT_80,$PORT_443");
    container.ports = vec![Port::tcp(80)];
    container.environment.insert("PORT".into(), "80".into());
    let key = container.key.clone();
    stand.open(&key.task, &[Port::tcp(80), Port::tcp(443)]).await;
    let first = stand.driver.start(container.clone()).await.unwrap().ports;
    let shown = stand.heard.line(&key, "port=").await;
    stand.heard.exit(&key, 0).await;
    let stand = stand.restart().await;
    container.run = 1;
    assert_eq!(stand.driver.start(container).await.unwrap().ports, first);
    assert_eq!(stand.heard.line(&key, "port=").await, shown);
    let numbers: Vec<u16> = shown.split(',').map(|port| port.parse().unwrap()).collect();
    assert_eq!(numbers[0], first[0].host_port);
    assert_eq!(numbers[0], numbers[1]);
    assert_ne!(numbers[1], numbers[2]);
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn an_image_of_the_store_runs_from_its_folder() {
    let scratch = Scratch::new();
    let source = scratch.0.join("source");
    fs::create_dir_all(&source).unwrap();
    fs::write(source.join("greeting"), "hello").unwrap();
    let (events, mut happened) = mpsc::channel(64);
    let driver = scratch.driver(Span::seconds(10), events);
    let config = ImageConfig {
        entry_point: words(&["/bin/sh", "-c"]),
        command: words(&[
            "trap 'exit 6' INT; cat greeting; echo $FROM; while :; do sleep 0.01; done",
        ]),
        environment: [("FROM".to_owned(), "image".to_owned())].into(),
        working_directory: Some("/srv".into()),
        stop_signal: Some("SIGINT".into()),
    };
    let sources = [Source { from: source, to: "/srv".into(), ignore: Default::default() }];
    let digest = driver.images().import(&config, &sources).unwrap();
    let wanted = Wanted { image: format!("shop@{digest}"), words: Vec::new(), digest: None };
    let image = driver.pull(wanted.clone()).await.unwrap();
    assert_eq!(image.digest.as_ref(), Some(&digest));

    let key = ContainerKey { task: task(), name: "main".into() };
    let container = Container {
        key: key.clone(),
        image: wanted.image,
        digest: image.digest,
        ..Container::default()
    };
    driver.open(sandbox(&key)).await.unwrap();
    driver.start(container).await.unwrap();
    let mut text = String::new();
    let exit = loop {
        match happened.recv().await.unwrap() {
            driver::Event::Output { lines, .. } => {
                text.extend(lines.into_iter().map(|line| line.text));
                if text.ends_with("image") {
                    driver.signal(key.clone()).await.unwrap();
                }
            }
            driver::Event::Exited { exit, .. } => break exit,
        }
    };
    assert_eq!((text.as_str(), exit.code), ("helloimage", 6));
    driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn an_unknown_image_needs_a_command() {
    let stand = Stand::process().await;
    let wanted = |words| Wanted { image: "node:22".to_owned(), words, digest: None };
    assert_eq!(stand.driver.pull(wanted(words(&["node"]))).await.unwrap().digest, None);
    let error = stand.driver.pull(wanted(Vec::new())).await.unwrap_err().to_string();
    assert!(error.starts_with("CannotPullContainerError: the process driver can't"), "{error}");
    assert!(error.contains("node:22"), "{error}");
}

#[tokio::test]
async fn a_volume_is_a_folder_that_the_containers_of_a_task_share() {
    let stand = Stand::process().await;
    let task = task();
    stand.open(&task, &[]).await;
    let mount = Mount { volume: "data".into(), path: "/data".into(), read_only: false };
    for (name, script) in [
        ("writer", "echo shared > $NEARGATE_VOLUME_DATA/file"),
        ("reader", "cat $NEARGATE_VOLUME_DATA/file"),
    ] {
        let mut container = script_of(&task, name, script);
        container.mounts = vec![mount.clone()];
        assert_eq!(stand.driver.unsupported(&container)[0].field, "mountPoints");
        let key = container.key.clone();
        stand.driver.start(container).await.unwrap();
        assert_eq!(stand.heard.exit(&key, 0).await.code, 0);
    }
    let key = ContainerKey { task: task.clone(), name: "reader".into() };
    assert_eq!(stand.heard.texts(&key, Stream::Stdout), ["shared"]);
    stand.driver.close(task).await.unwrap();
}

#[tokio::test]
async fn a_start_that_another_region_has_begun_is_waited_for() {
    let stand = Stand::process().await;
    let container = script_of(&task(), "main", "echo not run");
    let key = container.key.clone();
    stand.open(&key.task, &[]).await;
    let folder = stand.scratch().0.join("tasks").join(key.task.id.as_str()).join("containers/main");
    fs::create_dir_all(&folder).unwrap();
    // As long as this is held, a supervisor of that region seems to live.
    let lock = fs::File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let driver = Arc::clone(&stand.driver);
    let starting = tokio::spawn(async move { driver.start(container).await });
    let log = folder.join("supervisor.log");
    until("a supervisor that finds the other", || log.exists().then_some(())).await;
    fs::write(folder.join("started.json"), r#"{"run":0,"shim":1,"main":1}"#).unwrap();
    starting.await.unwrap().unwrap();
    drop(lock);
    assert_eq!(stand.heard.exit(&key, 0).await.code, 137);
    assert!(stand.heard.lines(&key).is_empty());
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn processes_are_chosen_where_no_engine_answers() {
    let scratch = Scratch::new();
    let (events, _happened) = mpsc::channel(1);
    let process = scratch.config(Span::ZERO, events.clone());
    let docker_host = Some("unix:///no/such.sock".to_owned());
    let hints = Hints { docker_host, ..Hints::default() };
    let docker = docker::Config { region: "none".into(), hints, reach: None, events };
    let chosen = choose(Choice::Auto, docker.clone(), process.clone()).await.unwrap();
    assert_eq!(chosen.kind(), Kind::Process);
    let chosen = choose(Choice::Process, docker.clone(), process.clone()).await.unwrap();
    assert_eq!(chosen.kind(), Kind::Process);
    let error = choose(Choice::Docker, docker, process).await.unwrap_err().to_string();
    assert!(error.starts_with("the docker driver can't be used: "), "{error}");
}

#[tokio::test]
async fn standard_input_is_empty_or_silent() {
    let stand = Stand::process().await;
    let key = stand.run("read line; echo over").await;
    stand.heard.exit(&key, 0).await;
    let mut container = script_of(&key.task, "silent", "echo up; read line; echo over");
    container.stdin = true;
    let silent = container.key.clone();
    stand.driver.start(container).await.unwrap();
    stand.heard.line(&silent, "up").await;
    let reading = || {
        let child = children_of_shim(&silent, &stand).into_iter().next()?;
        let state = fs::read_to_string(format!("/proc/{child}/wchan")).unwrap_or_default();
        state.contains("pipe_read").then_some(())
    };
    until("a read that waits", reading).await;
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn a_data_directory_with_a_long_path_works() {
    let scratch = Scratch::new();
    let deep = Scratch(scratch.0.join("x".repeat(120)));
    let stand = Stand::at(Place::Process(Arc::new(deep))).await;
    let key = stand.run("echo up").await;
    stand.heard.exit(&key, 0).await;
    stand.driver.close(key.task).await.unwrap();
}

#[tokio::test]
async fn a_folder_that_can_not_be_made_makes_the_driver_unusable() {
    let (events, _happened) = mpsc::channel(1);
    let root = Path::new("/proc/none").to_owned();
    let config =
        Config { root, executable: stand_in(), path: String::new(), linger: Span::ZERO, events };
    let error = Process::new(config).unwrap_err().to_string();
    assert!(error.starts_with("the process driver can't be used: /proc/none"), "{error}");
}

fn sandbox(key: &ContainerKey) -> Sandbox {
    Sandbox { task: key.task.clone(), address: [127, 31, 8, 8].into(), ports: Vec::new() }
}

/// A region in a process of its own, and its output.
fn region(scratch: &Scratch, linger: u32, scripts: &[&str]) -> (Child, BufReader<ChildStdout>) {
    region_by(&mut Command::new(stand_in()), scratch, linger, scripts)
}

/// The same, started by a command of the test's own.
fn region_by(
    command: &mut Command,
    scratch: &Scratch,
    linger: u32,
    scripts: &[&str],
) -> (Child, BufReader<ChildStdout>) {
    let mut region = command
        .arg("region")
        .args([scratch.0.as_os_str(), linger.to_string().as_ref()])
        .args(scripts)
        .env("CANARY", "must not be seen")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(region.stdout.take().unwrap());
    (region, output)
}

fn read_pids(output: &mut impl BufRead) -> (i32, i32) {
    let mut pids = [None, None];
    while pids.contains(&None) {
        let mut line = String::new();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "the region ended early");
        for (found, start) in pids.iter_mut().zip(["main=", "daemon="]) {
            *found = found.or_else(|| line.strip_prefix(start).map(pid));
        }
    }
    (pids[0].unwrap(), pids[1].unwrap())
}

fn pid(text: &str) -> i32 {
    text.trim().parse().unwrap()
}

fn is_alive(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

/// The process above this one that plays a role.
fn ancestor(pid: i32, role: &str) -> i32 {
    let arguments = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap();
    if arguments.split('\0').nth(1) == Some(role) { pid } else { ancestor(parent(pid), role) }
}

fn parent(pid: i32) -> i32 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit_once(") ").unwrap().1.split(' ').nth(1).unwrap().parse().unwrap()
}

fn children_of_shim(key: &ContainerKey, stand: &Stand) -> Vec<i32> {
    let folder = stand.scratch().0.join("tasks").join(key.task.id.as_str());
    let started = folder.join("containers").join(key.name.as_str()).join("started.json");
    let started = fs::read_to_string(started).unwrap();
    let shim = started.split("\"shim\":").nth(1).unwrap().split(',').next().unwrap();
    let children = fs::read_to_string(format!("/proc/{shim}/task/{shim}/children")).unwrap();
    children.split_whitespace().map(pid).collect()
}

fn kill(pid: i32) {
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().unwrap().success());
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let below = |entry: fs::DirEntry| {
        let path = entry.path();
        if path.is_dir() { files(&path) } else { vec![path] }
    };
    entries.flat_map(below).collect()
}
