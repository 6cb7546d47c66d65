use super::*;

fn answer<const N: usize>(status: u16, headers: [(&str, &str); N]) -> Answer {
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Answer { status, headers: headers.into_iter().collect() }
}

#[test]
fn only_the_origin_is_let_in() {
    const ALLOWS: &str = "access-control-allow-origin";
    const COOKIES: (&str, &str) = ("access-control-allow-credentials", "true");
    let (own, stranger) = ("https://app.example", "https://stranger.invalid");
    let check = |first: Answer, second: Answer, grade: Grade, words: &str| {
        let found = cors(own, &first, &second);
        assert!(found.grade == grade && found.words.contains(words), "{found:?}");
    };
    let ours = || answer(204, [(ALLOWS, own)]);
    check(ours(), answer(204, []), Grade::Good, "strangers' not");
    check(ours(), ours(), Grade::Good, "strangers' not");
    check(answer(404, []), answer(404, []), Grade::Bad, "status 404");
    check(
        answer(204, [(ALLOWS, "https://a")]),
        answer(204, []),
        Grade::Bad,
        "those of https://app",
    );
    check(ours(), answer(204, [(ALLOWS, stranger), COOKIES]), Grade::Bad, "user's cookies");
    let all = || answer(204, [(ALLOWS, "*")]);
    check(all(), all(), Grade::Doubtful, "every origin");
    check(answer(204, [(ALLOWS, "*"), COOKIES]), all(), Grade::Bad, "browsers refuse");
}

#[test]
fn what_wants_a_token_is_closed_without() {
    for (status, grade) in [
        (Some(401), Grade::Good),
        (Some(403), Grade::Good),
        (Some(200), Grade::Bad),
        (Some(500), Grade::Bad),
        (None, Grade::Bad),
    ] {
        assert_eq!(without_token("/me", status).grade, grade, "{status:?}");
    }
}

#[test]
fn headers_are_there_and_tell_nothing() {
    let wanted = ["x-content-type-options".to_owned()];
    let good = answer(200, [("x-content-type-options", "nosniff")]);
    assert_eq!(headers(&good, &wanted)[0].grade, Grade::Good);
    assert!(headers(&good, &[]).is_empty());
    let bad = headers(&answer(200, [("x-powered-by", "Express")]), &wanted);
    assert_eq!(bad.iter().map(|it| it.grade).collect::<Vec<_>>(), [Grade::Bad, Grade::Doubtful]);
}

#[test]
fn the_plain_address_leads_to_the_other() {
    let to = |status, location| redirect(Some(&answer(status, [("location", location)]))).grade;
    assert_eq!(to(301, "https://a.example:443/"), Grade::Good);
    assert_eq!(to(302, "http://a.example/login"), Grade::Bad);
    assert_eq!(redirect(Some(&answer(200, []))).grade, Grade::Bad);
    assert_eq!(redirect(None).grade, Grade::Doubtful);
}

#[test]
fn a_load_is_judged_by_its_slow_requests_and_its_failures() {
    let times = |slow: u64| (1..=100).map(|n| if n > 94 { slow } else { 1000 }).collect();
    let check = |slow: u64, failed, p95, grade| {
        let seen = Load { times: times(slow), failed, users: 5 };
        let found = load(&seen, &Expected { p95, ..Expected::default() });
        assert_eq!(found.grade, grade, "{found:?}");
    };
    check(90_000, 0, None, Grade::Good);
    check(90_000, 0, Some(100), Grade::Good);
    check(101_000, 0, Some(100), Grade::Bad);
    check(1000, 1, None, Grade::Bad);
    assert_eq!(load(&Load::default(), &Expected::default()).grade, Grade::Bad);
    let seen = load(&Load { times: times(7_250), failed: 0, users: 5 }, &Expected::default());
    assert_eq!(seen.words, "100 requests of 5 users: p50 1.0 ms, p95 7.2 ms, p99 7.2 ms, 0 failed");
}

#[test]
fn lines_are_objects_or_are_shown() {
    assert_eq!(log("api", [""]), None);
    assert_eq!(log("api", [r#"{"a":1}"#]).unwrap().grade, Grade::Good);
    let mixed = log("api", [r#"{"a":1}"#, "listening on 3000"]).unwrap();
    assert!(mixed.grade == Grade::Doubtful && mixed.words.contains("listening"), "{mixed:?}");
}

#[test]
fn health_is_what_the_manifest_accepts() {
    let grade = |status| health("/health", status, |it| it == 204).grade;
    assert_eq!(
        (grade(Some(204)), grade(Some(200)), grade(None)),
        (Grade::Good, Grade::Bad, Grade::Bad)
    );
}
