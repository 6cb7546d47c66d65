//! What holds for all rules.

use super::super::{Cause, LogLine, Withheld, application, database, diagnose};
use super::super::{health_command, listening, memory, reach, resources, runtime};
use super::stage::{case, evidence, exited, stopped};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// The page that lists the causes for people.
const PAGE: &str = include_str!("../../../../../docs/diagnosis.md");

#[test]
fn every_expression_compiles() {
    let all = application::expressions()
        .chain(database::expressions())
        .chain(resources::expressions())
        .chain(health_command::expressions())
        .chain(listening::expressions())
        .chain(memory::expressions())
        .chain(reach::expressions())
        .chain(runtime::expressions());
    // Compiling is what may fail.
    assert!(all.map(|held| held.all().len()).sum::<usize>() > 80);
}

#[test]
fn every_cause_is_on_its_page() {
    let codes: BTreeSet<&str> = Cause::ALL.iter().map(|cause| cause.code()).collect();
    assert_eq!(codes.len(), Cause::ALL.len(), "codes are unique");
    for cause in Cause::ALL {
        let row = format!("| `{}` |", cause.code());
        assert!(PAGE.contains(&row), "docs/diagnosis.md has no row {row}");
    }
    let rows = PAGE.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, codes.len(), "docs/diagnosis.md has rows of no cause");
}

#[test]
fn nothing_of_a_withheld_log_is_shown() {
    for log in
        ["Error: token hunter2 is wrong", "Cannot find module 'hunter2'", "sh: hunter2: not found"]
    {
        for code in [1, 127] {
            let mut case = case(exited(code, None), log);
            case.withheld = Some(Withheld { why: "no permission".to_owned() });
            let findings = diagnose(&evidence(vec![case]));
            assert!(!format!("{findings:?}").contains("hunter2"), "{findings:#?}");
            assert!(format!("{findings:?}").contains("no permission"), "{findings:#?}");
        }
    }
}

/// Texts that are near to what rules look for.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("Error:".to_owned()),
        Just("KeyError: '".to_owned()),
        Just("listening on".to_owned()),
        Just("http://[::]:".to_owned()),
        Just("99999".to_owned()),
        Just("ResourceInitializationError: ".to_owned()),
        Just("CannotStartContainerError".to_owned()),
        Just("due to (reason Health checks failed with these codes: [".to_owned()),
        any::<String>(),
    ];
    proptest::collection::vec(word, 0..6).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn whatever_stopped_a_task_something_is_said(
        code in prop_oneof![
            Just("EssentialContainerExited".to_owned()),
            Just("TaskFailedToStart".to_owned()),
            Just("ServiceSchedulerInitiated".to_owned()),
            any::<String>().prop_filter("a code", |code| !code.is_empty()),
        ],
        (reason, own) in (text(), proptest::option::of(text())),
        exit in proptest::option::of(any::<i32>()),
        log in proptest::collection::vec(text(), 0..5),
    ) {
        let mut task = stopped("t1", &code, &reason);
        let container = &mut task.containers.as_mut().unwrap()[0];
        (container.exit_code, container.reason) = (exit, own);
        let mut case = case(task, "");
        case.log = log.into_iter().map(|text| LogLine { text, ..Default::default() }).collect();
        let findings = diagnose(&evidence(vec![case]));
        prop_assert!(findings.iter().any(|held| held.tasks == ["t1"]));
        prop_assert!(findings.iter().all(|held| !held.title.is_empty() && !held.evidence.is_empty()));
    }
}
