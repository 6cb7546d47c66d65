use super::*;
use api::logs::{GetLogEvents, GetLogEventsRequest, GetLogEventsResponse};

fn ask() -> GetLogEventsRequest {
    GetLogEventsRequest {
        log_group_name: Some("app".to_owned()),
        log_stream_name: "s".to_owned(),
        ..Default::default()
    }
}

fn messages(answer: &GetLogEventsResponse) -> Vec<&str> {
    let events = answer.events.iter().flatten();
    events.flat_map(|event| event.message.as_deref()).collect()
}

/// Follows a kind of token until it comes back as it was sent; answers the pages' messages.
fn follow(
    region: &mut Region,
    first: GetLogEventsRequest,
    token: fn(&GetLogEventsResponse) -> &Option<String>,
) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut ask = first;
    loop {
        let answer = region.ok::<GetLogEvents>(ask.clone());
        let next = token(&answer).clone();
        if next == ask.next_token {
            assert_eq!(messages(&answer), [""; 0], "the end of the stream is empty");
            return pages;
        }
        pages.push(messages(&answer).into_iter().map(str::to_owned).collect());
        ask.next_token = next;
    }
}

#[test]
fn a_stream_is_read_from_either_end_to_the_other() {
    let mut region = region();
    fill(&mut region, "s", 1..=5);
    let limited = GetLogEventsRequest { limit: Some(2), ..ask() };
    let from_head = GetLogEventsRequest { start_from_head: Some(true), ..limited.clone() };
    let forwards = follow(&mut region, from_head, |answer| &answer.next_forward_token);
    assert_eq!(forwards, [vec!["1", "2"], vec!["3", "4"], vec!["5"]]);
    let backwards = follow(&mut region, limited, |answer| &answer.next_backward_token);
    assert_eq!(backwards, [vec!["4", "5"], vec!["2", "3"], vec!["1"]]);
}

#[test]
fn a_follower_sees_what_comes_after_the_end() {
    let mut region = region();
    create_stream(&mut region, "s");
    let empty = region.ok::<GetLogEvents>(ask());
    assert_eq!(messages(&empty), [""; 0]);
    put(&mut region, "s", &[(-2, "a"), (-2, "b")]);
    let next = GetLogEventsRequest { next_token: empty.next_forward_token, ..ask() };
    let first = region.ok::<GetLogEvents>(next);
    assert_eq!(messages(&first), ["a", "b"]);
    // One more in the millisecond of the last one that was seen.
    put(&mut region, "s", &[(-2, "c")]);
    let next = GetLogEventsRequest { next_token: first.next_forward_token, ..ask() };
    assert_eq!(messages(&region.ok::<GetLogEvents>(next)), ["c"]);
}

#[test]
fn a_range_has_its_start_and_not_its_end() {
    let mut region = region();
    fill(&mut region, "s", 1..=9);
    let range = GetLogEventsRequest { start_time: Some(3), end_time: Some(5), ..ask() };
    assert_eq!(messages(&region.ok::<GetLogEvents>(range)), ["3", "4"]);
}

#[test]
fn expired_events_are_gone_to_the_millisecond() {
    let mut region = region();
    let day = 24 * 60 * 60 * 1000;
    let now = region.now.millis();
    let (gone, kept) = (now - day - 1, now - day);
    fill(&mut region, "s", [gone, kept]);
    retain(&mut region, 1);
    assert_eq!(messages(&region.ok::<GetLogEvents>(ask())), [kept.to_string()]);
}

#[test]
fn an_event_is_shown_as_aws_shows_it() {
    let mut region = region();
    create_stream(&mut region, "s");
    put(&mut region, "s", &[(-1, "hello")]);
    let event = region.ok::<GetLogEvents>(ask()).events.unwrap().remove(0);
    let now = region.now.millis();
    assert_eq!((event.timestamp, event.ingestion_time), (Some(now - 1000), Some(now)));
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut region = region();
    create_stream(&mut region, "s");
    let token = GetLogEventsRequest { next_token: Some("f/1".to_owned()), ..ask() };
    let stream = GetLogEventsRequest { log_stream_name: "never".to_owned(), ..ask() };
    let group = GetLogEventsRequest { log_group_name: Some("never".to_owned()), ..ask() };
    for (ask, expected) in [
        (token, "InvalidParameterException: The specified nextToken is invalid."),
        (stream, "ResourceNotFoundException: The specified log stream does not exist."),
        (group, "ResourceNotFoundException: The specified log group does not exist."),
    ] {
        assert_eq!(region.fault::<GetLogEvents>(ask), expected);
    }
    region.logs.broken = true;
    assert_eq!(
        region.fault::<GetLogEvents>(ask()),
        "ServiceUnavailableException: The service cannot complete the request."
    );
}
