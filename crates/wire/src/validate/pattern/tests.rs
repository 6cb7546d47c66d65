use super::*;

#[test]
fn every_pattern_of_every_service_is_understood() {
    let unknown: Vec<_> = sources()
        .into_iter()
        .filter(|source| matches!(Pattern::compile(source), Pattern::Unknown))
        .collect();
    assert_eq!(unknown, Vec::<&str>::new());
}

/// The patterns that regex-lite does not know, and which are therefore matched by hand.
#[test]
fn the_patterns_of_tags_are_matched_by_hand() {
    let by_hand: Vec<_> = sources()
        .into_iter()
        .filter(|source| matches!(Pattern::compile(source), Pattern::TagText { .. }))
        .collect();
    assert_eq!(
        by_hand,
        [
            r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)",
            r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*",
            r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+",
            r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$",
            r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$",
        ]
    );
}

#[track_caller]
fn check(source: &'static str, good: &[&str], bad: &[&str]) {
    for text in good {
        assert!(matches(source, text), "{source} must match {text:?}");
    }
    for text in bad {
        assert!(!matches(source, text), "{source} must not match {text:?}");
    }
}

#[test]
fn the_whole_text_must_match() {
    check(r"[\.\-_/#A-Za-z0-9]+", &["/ecs/shop"], &["", "a b", "a\n", "\na", "é"]);
    check(r"[^:*]*", &["", "web/1"], &["a:b", "*"]);
    check(r"^(2|4|5)\d\d$", &["200", "503"], &["2000", "300", " 200"]);
    check(r"^(HTTPS?|#\{protocol\})$", &["HTTP", "HTTPS", "#{protocol}"], &["HTTPX"]);
    check(
        r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)",
        &["/", "/a/", "/a/b/"],
        &["", "a", "/a", "a/"],
    );
}

#[test]
fn labels_of_host_names_do_not_begin_or_end_with_a_hyphen() {
    let name =
        r"(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])";
    let long = format!("{}.example", "x".repeat(63));
    let too_long = format!("{}.example", "x".repeat(64));
    check(
        name,
        &["shop.example", "*.shop.example", "a.b.c-d.example", "xn--a.example", &long],
        &["example", "-a.example", "a-.example", "a.-example", "*.*.example", "a.b", &too_long],
    );
}

#[test]
fn java_reads_four_digits_after_a_backslash_and_u() {
    // What looks like U+10000 to U+10FFFF is not, so STS refuses supplementary characters.
    let arn = r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+";
    check(arn, &["arn:aws:iam::1:role/x", "é"], &["", "\u{1f600}"]);
}

#[test]
fn java_reads_two_surrogates_as_one_character() {
    let name = r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*";
    check(name, &["", "a b", "é", "\u{1f600}", "\u{10FFFF}"], &["\0", "\u{fffe}"]);
}

#[test]
fn names_of_policies_neither_begin_nor_end_with_a_space() {
    let name = r"(?!((^[ ]+.*)|(.*([\u0000-\u001f]|[\u007f-\u009f]|[:/|])+.*)|(.*[ ]+$))).+";
    check(
        name,
        &["a", "cpu 70", "é", "a-b_c.d"],
        &["", " a", "a ", " ", "a:b", "a/b", "a|b", "a\n"],
    );
    check(r"\p{Print}+", &["cpu 70", "~"], &["", "é", "a\tb"]);
}

#[test]
fn tags_may_have_letters_of_any_script() {
    let tag = r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$";
    check(
        tag,
        &["team", "équipe 2", "チーム", "a_b.c:d/e=f+g-h@i", "½"],
        &["", "a*b", "a\tb", "é!"],
    );
    check(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", &[""], &["#"]);
}
