//! What both drivers do alike.

use crate::stand::{Stand, for_each_driver, get, node_of, script_of, task, until, words};
use driver::{ContainerKey, Found, Port, Probe, ProbeCommand, ProbeOutcome, State, Stream, Wanted};
use model::Span;
use std::time::{Duration, Instant};

for_each_driver! {
    output_comes_in_order_and_before_the_exit
    a_line_reaches_its_reader_within_a_second
    a_line_without_an_end_and_a_very_long_one_arrive_whole
    the_stop_signal_reaches_the_first_process
    a_kill_ends_a_container_that_ignores_signals
    children_end_with_the_first_process
    a_container_gets_its_environment_secrets_and_working_directory
    a_probe_runs_inside_the_container
    a_probe_that_takes_too_long_has_no_exit_code
    containers_of_a_task_share_their_network
    two_tasks_with_one_port_run_side_by_side
    what_is_repeated_is_done_once
    the_next_run_starts_anew
    a_command_that_is_not_there_says_so
    a_task_that_is_not_open_starts_nothing
    a_crash_of_the_region_loses_no_line_and_repeats_none
    an_exit_during_the_regions_absence_is_told_later
    the_inventory_has_what_runs_and_what_ended
    closing_removes_everything
    an_unadopted_task_can_be_closed
    what_is_not_there_is_no_error
    usage_grows
}

async fn output_comes_in_order_and_before_the_exit(stand: Stand) {
    let key = stand.run("echo one; echo two; echo three >&2; echo four >&2; exit 3").await;
    let exit = stand.heard.exit(&key, 0).await;
    assert_eq!((exit.code, exit.out_of_memory), (3, false));
    assert_eq!(stand.heard.texts(&key, Stream::Stdout), ["one", "two"]);
    assert_eq!(stand.heard.texts(&key, Stream::Stderr), ["three", "four"]);
    let marks: Vec<_> = stand.heard.lines(&key).iter().map(|line| line.mark).collect();
    assert!(marks.is_sorted(), "{marks:?}");
    stand.driver.close(key.task).await.unwrap();
}

async fn a_line_reaches_its_reader_within_a_second(stand: Stand) {
    let key = stand.run("echo now; exec sleep 1000").await;
    let started = Instant::now();
    stand.heard.line(&key, "now").await;
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    stand.driver.close(key.task).await.unwrap();
}

async fn a_line_without_an_end_and_a_very_long_one_arrive_whole(stand: Stand) {
    let length = 300 * 1024;
    let script = format!("head -c {length} /dev/zero | tr '\\0' x; echo; printf end");
    let key = stand.run(&script).await;
    stand.heard.exit(&key, 0).await;
    let texts = stand.heard.texts(&key, Stream::Stdout);
    let lengths: Vec<usize> = texts.iter().map(String::len).collect();
    assert_eq!(lengths, [256 * 1024, length - 256 * 1024, 3]);
    assert_eq!(texts[2], "end");
    assert!(texts[..2].concat().bytes().all(|byte| byte == b'x'));
    stand.driver.close(key.task).await.unwrap();
}

async fn the_stop_signal_reaches_the_first_process(stand: Stand) {
    let key =
        stand.run("trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done").await;
    stand.heard.line(&key, "up").await;
    stand.driver.signal(key.clone()).await.unwrap();
    assert_eq!(stand.heard.exit(&key, 0).await.code, 7);
    assert_eq!(stand.heard.texts(&key, Stream::Stdout), ["up", "bye"]);
    stand.driver.signal(key.clone()).await.unwrap();
    stand.driver.close(key.task).await.unwrap();
}

async fn a_kill_ends_a_container_that_ignores_signals(stand: Stand) {
    let key = stand.run("trap '' TERM; echo up; while :; do sleep 0.05; done").await;
    stand.heard.line(&key, "up").await;
    stand.driver.signal(key.clone()).await.unwrap();
    stand.driver.kill(key.clone()).await.unwrap();
    assert_eq!(stand.heard.exit(&key, 0).await.code, 137);
    stand.driver.kill(key.clone()).await.unwrap();
    stand.driver.close(key.task).await.unwrap();
}

/// The child holds the pipes open, so the exit would not come if it lived on.
async fn children_end_with_the_first_process(stand: Stand) {
    let key = stand.run("(trap '' TERM HUP; sleep 1000) & echo up; exit 4").await;
    assert_eq!(stand.heard.exit(&key, 0).await.code, 4);
    assert_eq!(stand.heard.texts(&key, Stream::Stdout), ["up"]);
    stand.driver.close(key.task).await.unwrap();
}

async fn a_container_gets_its_environment_secrets_and_working_directory(stand: Stand) {
    let mut container = script_of(&task(), "main", "echo $PLAIN; echo $SECRET; pwd");
    container.environment.insert("PLAIN".into(), "a b=c".into());
    container.secrets.insert("SECRET".into(), "hunter2".into());
    container.working_directory = Some("/usr".into());
    let key = container.key.clone();
    stand.open(&key.task, &[]).await;
    stand.driver.start(container).await.unwrap();
    stand.heard.exit(&key, 0).await;
    assert_eq!(stand.heard.texts(&key, Stream::Stdout), ["a b=c", "hunter2", "/usr"]);
    stand.driver.close(key.task).await.unwrap();
}

async fn a_probe_runs_inside_the_container(stand: Stand) {
    let mut container = script_of(&task(), "main", "echo up; exec sleep 1000");
    container.secrets.insert("SECRET".into(), "hunter2".into());
    let key = container.key.clone();
    stand.open(&key.task, &[]).await;
    stand.driver.start(container).await.unwrap();
    stand.heard.line(&key, "up").await;

    let shell = |line: &str| ProbeCommand::Shell(line.to_owned());
    let fine = probe(&stand, &key, shell("echo $SECRET; echo two >&2")).await;
    assert_eq!(fine.code, Some(0));
    assert!(fine.output.contains("hunter2") && fine.output.contains("two"), "{fine:?}");
    let exec = ProbeCommand::Exec(words(&["sh", "-c", "exit 5"]));
    assert_eq!(probe(&stand, &key, exec).await.code, Some(5));
    let missing = ProbeCommand::Exec(words(&["no-such-program"]));
    let missing = probe(&stand, &key, missing).await;
    assert!(missing.code.is_some_and(|code| code != 0), "{missing:?}");
    assert!(missing.output.contains("executable file not found"), "{missing:?}");

    stand.driver.kill(key.clone()).await.unwrap();
    stand.heard.exit(&key, 0).await;
    assert_eq!(probe(&stand, &key, shell("exit 0")).await.code, None);
    stand.driver.close(key.task).await.unwrap();
}

async fn a_probe_that_takes_too_long_has_no_exit_code(stand: Stand) {
    let key = stand.run("echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    let command = ProbeCommand::Shell("echo begun; sleep 1000".into());
    let timeout = Span::millis(300);
    let probe = Probe { container: key.clone(), command, timeout };
    let outcome = stand.driver.probe(probe).await.unwrap();
    assert_eq!(outcome.code, None);
    stand.driver.close(key.task).await.unwrap();
}

async fn containers_of_a_task_share_their_network(stand: Stand) {
    let task = task();
    let server = node_of(&task, "server", &serving("hello"));
    let client = "fetch('http://127.0.0.1:' + (process.env.PORT_3000 ?? 3000))
        .then(answer => answer.text()).then(text => console.log('got ' + text))";
    let client = node_of(&task, "client", client);
    stand.open(&task, &[Port::tcp(3000)]).await;
    let (server_key, client_key) = (server.key.clone(), client.key.clone());
    stand.driver.start(server).await.unwrap();
    stand.heard.line(&server_key, "up").await;
    stand.driver.start(client).await.unwrap();
    assert_eq!(stand.heard.line(&client_key, "got ").await, "hello");
    stand.driver.close(task).await.unwrap();
}

async fn two_tasks_with_one_port_run_side_by_side(stand: Stand) {
    let mut tasks = Vec::new();
    for name in ["first", "second"] {
        let task = task();
        let address = stand.open(&task, &[Port::tcp(3000)]).await;
        let mut container = node_of(&task, "main", &serving(name));
        container.ports = vec![Port::tcp(3000)];
        let key = container.key.clone();
        let ports = stand.driver.start(container).await.unwrap().ports;
        assert_eq!(ports.len(), 1, "{ports:?}");
        assert_eq!(ports[0].port, Port::tcp(3000));
        tasks.push((key, address, ports[0].host_port, name));
    }
    for (key, address, port, name) in tasks {
        stand.heard.line(&key, "up").await;
        assert!(get(address, port).ends_with(name));
        stand.driver.close(key.task).await.unwrap();
    }
}

async fn what_is_repeated_is_done_once(stand: Stand) {
    let container = script_of(&task(), "main", "echo up; exec sleep 1000");
    let key = container.key.clone();
    let address = stand.open(&key.task, &[]).await;
    assert_eq!(stand.open(&key.task, &[]).await, address, "an open task keeps its address");
    stand.driver.start(container.clone()).await.unwrap();
    stand.driver.start(container.clone()).await.unwrap();
    stand.heard.line(&key, "up").await;
    stand.driver.kill(key.clone()).await.unwrap();
    stand.heard.exit(&key, 0).await;
    stand.driver.start(container).await.unwrap();
    let stand = stand.restart().await;
    stand.driver.adopt([].into()).await.unwrap();
    stand.heard.exit(&key, 0).await;
    stand.driver.close(key.task.clone()).await.unwrap();
    let runs = stand.heard.lines(&key).iter().filter(|line| line.text == "up").count();
    assert!(runs <= 1, "an ended container was started again");
}

async fn the_next_run_starts_anew(stand: Stand) {
    let mut container = script_of(&task(), "main", "echo run; exit 1");
    let key = container.key.clone();
    stand.open(&key.task, &[]).await;
    for run in 0..3 {
        container.run = run;
        stand.driver.start(container.clone()).await.unwrap();
        assert_eq!(stand.heard.exit(&key, run).await.code, 1);
    }
    assert_eq!(stand.heard.texts(&key, Stream::Stdout), ["run"; 3]);
    stand.driver.close(key.task).await.unwrap();
}

async fn a_command_that_is_not_there_says_so(stand: Stand) {
    let mut container = script_of(&task(), "main", "");
    container.entry_point = Some(words(&["no-such-program"]));
    stand.open(&container.key.task, &[]).await;
    for _ in 0..2 {
        let error = stand.driver.start(container.clone()).await.unwrap_err().to_string();
        let start = "CannotStartContainerError: ResourceInitializationError: failed to create new \
                     container runtime task: ";
        assert!(error.starts_with(start), "{error}");
        let end = "exec: \"no-such-program\": executable file not found in $PATH";
        assert!(error.contains(end), "{error}");
    }
    stand.driver.close(container.key.task).await.unwrap();
}

async fn a_task_that_is_not_open_starts_nothing(stand: Stand) {
    let error = stand.driver.start(script_of(&task(), "main", "exit 0")).await.unwrap_err();
    assert!(error.to_string().starts_with("CannotStartContainerError: "), "{error}");
}

async fn a_crash_of_the_region_loses_no_line_and_repeats_none(stand: Stand) {
    let script = "n=0; while :; do n=$((n+1)); echo $n; sleep 0.002; done";
    let key = stand.run(script).await;
    let mut numbers = Vec::new();
    let mut stand = stand;
    for crash in 1..=3 {
        let wanted = 60 * crash;
        let heard = stand.heard.clone();
        let enough = || (heard.lines(&key).len() + numbers.len() >= wanted).then_some(());
        until("enough lines", enough).await;
        stand = stand.restart().await;
        // The driver that went may have sent more until it was gone.
        let lines = heard.lines(&key);
        numbers.extend(lines.iter().map(|line| line.text.parse::<usize>().unwrap()));
        let marks = heard.marks();
        let found = stand.driver.adopt(marks).await.unwrap();
        assert!(found.iter().any(|found| found.task == key.task));
    }
    until("lines after the crash", || (stand.heard.lines(&key).len() > 10).then_some(())).await;
    numbers.extend(stand.heard.lines(&key).iter().map(|line| line.text.parse::<usize>().unwrap()));
    let expected: Vec<usize> = (1..=numbers.len()).collect();
    assert_eq!(numbers, expected);
    stand.driver.close(key.task).await.unwrap();
}

async fn an_exit_during_the_regions_absence_is_told_later(stand: Stand) {
    let key = stand.run("echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    stand.driver.kill(key.clone()).await.unwrap();
    let stand = stand.restart().await;
    stand.driver.adopt([].into()).await.unwrap();
    assert_eq!(stand.heard.exit(&key, 0).await.code, 137);
    stand.driver.close(key.task).await.unwrap();
}

async fn the_inventory_has_what_runs_and_what_ended(stand: Stand) {
    let task = task();
    let address = stand.open(&task, &[]).await;
    let running = script_of(&task, "running", "exec sleep 1000");
    let ended = script_of(&task, "ended", "exit 3");
    let key = ended.key.clone();
    stand.driver.start(running).await.unwrap();
    stand.driver.start(ended).await.unwrap();
    stand.heard.exit(&key, 0).await;
    let Found { address: at, containers, .. } = stand.found(&task).await.unwrap();
    assert_eq!(at, Some(address));
    let [ended, running] = &containers[..] else { panic!("two containers: {containers:?}") };
    assert!(matches!(ended.state, State::Exited(exit) if exit.code == 3), "{ended:?}");
    assert_eq!(running.state, State::Running);
    assert_eq!((ended.name.as_str(), running.name.as_str()), ("ended", "running"));
    stand.driver.close(task).await.unwrap();
}

async fn closing_removes_everything(stand: Stand) {
    let key = stand.run("trap '' TERM; while :; do sleep 0.05; done").await;
    stand.driver.close(key.task.clone()).await.unwrap();
    stand.driver.close(key.task.clone()).await.unwrap();
    assert_eq!(stand.found(&key.task).await, None);
}

async fn an_unadopted_task_can_be_closed(stand: Stand) {
    let key = stand.run("echo up; exec sleep 1000").await;
    stand.heard.line(&key, "up").await;
    let stand = stand.restart().await;
    stand.driver.close(key.task.clone()).await.unwrap();
    assert_eq!(stand.found(&key.task).await, None);
}

async fn what_is_not_there_is_no_error(stand: Stand) {
    let key = ContainerKey { task: task(), name: "main".into() };
    stand.driver.signal(key.clone()).await.unwrap();
    stand.driver.kill(key.clone()).await.unwrap();
    assert_eq!(stand.driver.stats(key.clone()).await.unwrap(), None);
    let outcome = probe(&stand, &key, ProbeCommand::Shell("exit 0".into())).await;
    assert_eq!(outcome.code, None);
    stand.driver.close(key.task).await.unwrap();
    let wanted =
        Wanted { image: "no.such.registry.invalid/none:1".into(), words: Vec::new(), digest: None };
    let error = stand.driver.pull(wanted).await.unwrap_err().to_string();
    assert!(error.starts_with("CannotPullContainerError: "), "{error}");
}

async fn usage_grows(stand: Stand) {
    let key = stand.run("echo up; while :; do :; done").await;
    stand.heard.line(&key, "up").await;
    let Some(first) = stand.driver.stats(key.clone()).await.unwrap() else {
        assert_ne!(std::env::consts::OS, "linux", "only Linux tells of processes");
        return stand.driver.close(key.task).await.unwrap();
    };
    assert!(first.memory > 0, "{first:?}");
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let next = stand.driver.stats(key.clone()).await.unwrap().unwrap();
        if next.cpu_nanos > first.cpu_nanos {
            break;
        }
        assert!(Instant::now() < deadline, "no CPU time in 30 s");
    }
    stand.driver.close(key.task).await.unwrap();
}

/// A server that answers every request with a word.
fn serving(word: &str) -> String {
    format!(
        "require('http').createServer((_, answer) => answer.end('{word}'))
            .listen(process.env.PORT ?? process.env.PORT_3000 ?? 3000, () => console.log('up'))"
    )
}

async fn probe(stand: &Stand, key: &ContainerKey, command: ProbeCommand) -> ProbeOutcome {
    let probe = Probe { container: key.clone(), command, timeout: Span::seconds(20) };
    stand.driver.probe(probe).await.unwrap()
}
