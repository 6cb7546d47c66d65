//! `neargate exec`.

use crate::cli::project::Project;
use crate::stage::terminal::Terminal;
use crate::stage::{Region, on_both_drivers};
use std::fs::File;
use std::process::Stdio;

on_both_drivers![
    a_command_tells_its_output_and_how_it_ended,
    what_is_piped_in_arrives_as_it_is,
    a_person_works_at_the_terminal,
    who_does_not_get_in_is_told_why,
    a_task_that_stops_says_so,
];

async fn a_command_tells_its_output_and_how_it_ended(region: &Region) {
    let project = Project::new(region);
    project.up().await;
    let exec = |words: &str, last: &str| project.neargate(words).arg(last).run();
    let ended = exec("exec web -- sh -c", "echo \"$VERSION\" 'two  words'; exit 7").await.expect(7);
    assert_eq!(ended.out, "one two  words\n", "and nothing else");
    assert_eq!(exec("exec -- echo", "$VERSION").await.expect(0).out, "$VERSION\n");
    exec("exec -- sh -c", "kill -TERM $$").await.expect(143);
    exec("exec --", "no-such-program").await.expect(127).says("no-such-program");
    let lines = exec("exec -- seq", "3000").await.expect(0).out;
    let expected: String = (1..=3000).map(|number| format!("{number}\n")).collect();
    assert!(lines == expected, "all of it, in order");
    let direct = exec("exec --direct -- echo", "direct").await.expect(0);
    assert_eq!(direct.out.trim(), "direct");
    project.neargate("down").output().await;
}

async fn what_is_piped_in_arrives_as_it_is(region: &Region) {
    let project = Project::new(region);
    project.up().await;
    let path = project.folder.path().join("input");
    let lines: String =
        (0..2000).map(|at| format!("line {at} \u{e4}\u{3}\u{4}\r\u{16}\n")).collect();
    for text in ["", "no end of line", "\n", &lines] {
        std::fs::write(&path, text).unwrap();
        let input = Stdio::from(File::open(&path).unwrap());
        let line = project.neargate("exec web -- cat").stdin(input);
        assert!(line.run().await.expect(0).out == text, "{:?}", text.get(..20));
    }
    project.neargate("down").output().await;
}

async fn a_person_works_at_the_terminal(region: &Region) {
    let project = Project::new(region);
    project.up().await;
    let mut terminal = Terminal::of(project.neargate("exec web").in_session());
    let before = terminal.settings();
    terminal.types("echo is-$VERSION-$((40 + 2))\r");
    terminal.shows("is-one-42").await;
    terminal.types("until test \"$(stty size)\" = '33 101'; do :; done; echo size-$((1 + 1))\r");
    terminal.shows("size-2").await;
    terminal.resize(90, 20);
    terminal.types("until test \"$(stty size)\" = '20 90'; do :; done; echo size-$((1 + 2))\r");
    terminal.shows("size-3").await;
    // An interrupt is for the command, not for who brings it there.
    terminal.types("sh -c 'trap \"echo caught\" INT; echo wait-$((2 + 2)); read x; echo got-$x'\r");
    terminal.shows("wait-4").await;
    assert_ne!(terminal.settings(), before, "keys are passed on as they are");
    terminal.types("\x03");
    terminal.shows("caught").await;
    terminal.types("\r");
    terminal.types("exit 5\r");
    let settings = terminal.watch_settings();
    let (code, shown) = terminal.ends().await;
    assert_eq!(code, Some(5), "{shown}");
    assert!(!shown.contains('\u{1e}'), "no mark is seen: {shown:?}");
    assert_eq!(settings(), before, "the terminal is itself again");
    project.neargate("down").output().await;
}

async fn who_does_not_get_in_is_told_why(region: &Region) {
    let project = Project::new(region);
    project.folder.edit("neargate.yml", "    count: 2\n", "    count: 1\n    exec: false\n");
    project.neargate("exec web").run().await.expect(1).says("is not deployed to `local`");
    project.up().await;
    let shut = project.neargate("exec web -- true").run().await.expect(1);
    shut.says("was started without ECS Exec");
    shut.says("`exec: true` of the service, then `neargate up`");
    project.folder.edit("neargate.yml", "    exec: false\n", "");
    let (_, up) = project.up().await;
    up.says("exec: false → true, in new tasks");
    project.neargate("exec web -- true").run().await.expect(0);
    let ids: Vec<String> = project.tasks().await.into_iter().collect();
    let id = ids[0].rsplit('/').next().unwrap();
    project.neargate("exec --task 0000 -- true").run().await.expect(1).says(id);
    let named = format!("exec --task {} -- true", &id[..10]);
    project.neargate(&named).run().await.expect(0);
    let other = project.neargate("exec --container db -- true").run().await;
    other.expect(2).says("there are: web");
    project.neargate("exec api -- true").run().await.expect(2).says("there are: web");
    project.neargate("down").output().await;
}

async fn a_task_that_stops_says_so(region: &Region) {
    let project = Project::new(region);
    project.up().await;
    let ids: Vec<String> = project.tasks().await.into_iter().collect();
    let id = ids[0].rsplit('/').next().unwrap();
    let mut terminal = Terminal::of(project.neargate(&format!("exec --task {id}")).in_session());
    terminal.types("echo re''ady\r");
    terminal.shows("ready").await;
    let request = serde_json::json!({
        "cluster": project.cluster(), "task": id, "reason": "room is needed",
    });
    project.region.ecs("StopTask", request).await;
    let (code, shown) = terminal.ends().await;
    assert_eq!(code, Some(1), "{shown}");
    assert!(shown.contains("The task is stopping: room is needed"), "{shown}");
    project.neargate("down").output().await;
}
