//! What holds for every text, however wrong it is.

use manifest::{Diagnostic, TextSpan, has_errors, not_yet, parse, resolve};
use proptest::prelude::*;
use std::collections::BTreeMap;

const EXAMPLE: &str = include_str!("../../../docs/neargate.example.yml");

/// Reads a text in every way there is, and checks what is promised of the result.
fn read(source: &str) {
    let (manifest, diagnostics) = parse(source);
    assert_eq!(manifest.is_none(), has_errors(&diagnostics));
    check(&diagnostics, source);
    let Some(manifest) = manifest else { return };
    let variables = BTreeMap::from([("TAG".to_owned(), "v1".to_owned())]);
    for environment in manifest.environments() {
        let (resolved, diagnostics) = resolve(&manifest, environment, &variables);
        assert_eq!(resolved.is_none(), has_errors(&diagnostics));
        check(&diagnostics, source);
        check(&resolved.iter().flat_map(not_yet).collect::<Vec<_>>(), source);
    }
}

/// Every place is in the text, and its line and column are those of its offset.
fn check(diagnostics: &[Diagnostic], source: &str) {
    for diagnostic in diagnostics {
        let others = diagnostic.related.iter().map(|related| related.span);
        for TextSpan { start, end, line, column } in others.chain([diagnostic.span]) {
            assert!(source.get(start..end).is_some(), "{diagnostic:?}");
            // One kind of line break, so that lines are easy to count.
            let before = source[..start].replace("\r\n", "\n").replace('\r', "\n");
            let lines: Vec<&str> = before.split('\n').collect();
            let characters = lines[lines.len() - 1].trim_start_matches('\u{feff}').chars().count();
            assert_eq!(line as usize, lines.len(), "{diagnostic:?}");
            assert_eq!(column as usize, characters + 1, "{diagnostic:?}");
        }
        assert!(!diagnostic.message.contains('\n') && !diagnostic.message.ends_with('.'));
    }
}

/// Lines of words that manifests are made of, in any order and indentation.
fn lines() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "app:",
        "services:",
        "environments:",
        "api:",
        "web:",
        "port:",
        "build:",
        "image:",
        "health:",
        "routes:",
        "env:",
        "secrets:",
        "scale:",
        "deploy:",
        "x-a:",
        "<<:",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\"",
        "'",
        "&a",
        "*a",
        "!tag",
        "|",
        ">",
        "#",
        "~",
        "3000",
        "30s",
        "/*",
        "/api",
        "nginx",
        "${env}",
        "${X",
        "$${",
        "${X:-1}",
        "ssm:/x",
        "shop",
        "é",
        "\t",
        "---",
        ": ",
    ]);
    let line = (0usize..8, prop::collection::vec(word, 0..5))
        .prop_map(|(indentation, words)| " ".repeat(indentation) + &words.join(" "));
    let ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (prop::collection::vec(line, 0..12), ends).prop_map(|(lines, end)| lines.join(end))
}

/// The example with a piece of it put in another place.
fn damaged() -> impl Strategy<Value = String> {
    let place = 0..EXAMPLE.len();
    (place.clone(), place, 0usize..80).prop_map(|(from, to, length)| {
        let boundary =
            |at: usize| (0..=at).rev().find(|at| EXAMPLE.is_char_boundary(*at)).unwrap_or(0);
        let end = boundary((from + length).min(EXAMPLE.len()));
        let (from, to) = (boundary(from), boundary(to));
        let piece = &EXAMPLE[from..end];
        let rest = [&EXAMPLE[..from], &EXAMPLE[end..]].concat();
        let at = (0..=to.min(rest.len())).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(0);
        [&rest[..at], piece, &rest[at..]].concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused_at_its_place(source in any::<String>()) {
        read(&source);
    }

    #[test]
    fn any_lines_are_read_or_refused_at_their_place(source in lines()) {
        read(&source);
    }

    #[test]
    fn a_damaged_manifest_is_read_or_refused_at_its_place(source in damaged()) {
        read(&source);
    }
}
