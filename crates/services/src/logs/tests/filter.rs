use super::*;
use api::logs::{FilterLogEvents, FilterLogEventsRequest, FilteredLogEvent};
use std::collections::BTreeSet;

fn ask() -> FilterLogEventsRequest {
    FilterLogEventsRequest { log_group_name: Some("app".to_owned()), ..Default::default() }
}

/// `stream:message` of each event.
fn told(events: &[FilteredLogEvent]) -> Vec<String> {
    let told = |event: &FilteredLogEvent| {
        let (stream, message) = (event.log_stream_name.as_ref(), event.message.as_ref());
        format!("{}:{}", stream.unwrap(), message.unwrap())
    };
    events.iter().map(told).collect()
}

/// All pages of a search, each as [`told`].
fn pages(region: &mut Region, mut ask: FilterLogEventsRequest) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    loop {
        let answer = region.ok::<FilterLogEvents>(ask.clone());
        pages.push(told(&answer.events.unwrap()));
        ask.next_token = answer.next_token;
        if ask.next_token.is_none() {
            return pages;
        }
    }
}

fn found(region: &mut Region, ask: FilterLogEventsRequest) -> Vec<String> {
    pages(region, ask).concat()
}

#[test]
fn streams_are_answered_in_one_order_whatever_the_pages_length() {
    let mut region = region();
    let since = 1_704_067_200_000;
    fill(&mut region, "a", (0..12).map(|n| since + n * 3));
    fill(&mut region, "b", (0..12).map(|n| since + n * 2));
    fill(&mut region, "c", [since + 6; 4]);
    fill(&mut region, "empty", []);
    let mut expected: Vec<(i64, &str)> = Vec::new();
    expected.extend((0..12).map(|n| (since + n * 3, "a")));
    expected.extend((0..12).map(|n| (since + n * 2, "b")));
    expected.extend([(since + 6, "c"); 4]);
    expected.sort_unstable();
    let up: Vec<String> = expected.iter().map(|(at, stream)| format!("{stream}:{at}")).collect();
    let down: Vec<String> = up.iter().rev().cloned().collect();
    for limit in 1..30 {
        let ask = FilterLogEventsRequest { limit: Some(limit), start_time: Some(since), ..ask() };
        assert_eq!(found(&mut region, ask.clone()), up, "up in pages of {limit}");
        let ask = FilterLogEventsRequest { start_from_head: Some(false), ..ask };
        assert_eq!(found(&mut region, ask), down, "down in pages of {limit}");
    }
}

#[test]
fn a_search_has_streams_and_times_that_include_their_ends() {
    let mut region = region();
    fill(&mut region, "api/1", 1..=4);
    fill(&mut region, "api/2", 3..=6);
    fill(&mut region, "web/1", 1..=9);
    let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    for (ask, expected) in [
        (
            FilterLogEventsRequest {
                log_stream_names: names(&["api/2", "api/1", "api/2"]),
                start_time: Some(4),
                end_time: Some(5),
                ..ask()
            },
            vec!["api/1:4", "api/2:4", "api/2:5"],
        ),
        (
            FilterLogEventsRequest {
                log_stream_name_prefix: Some("api/".to_owned()),
                end_time: Some(3),
                ..ask()
            },
            vec!["api/1:1", "api/1:2", "api/1:3", "api/2:3"],
        ),
        (FilterLogEventsRequest { start_time: Some(8), ..ask() }, vec!["web/1:8", "web/1:9"]),
        (FilterLogEventsRequest { start_time: Some(10), ..ask() }, vec![]),
        (FilterLogEventsRequest { filter_pattern: Some("9".to_owned()), ..ask() }, vec!["web/1:9"]),
    ] {
        let asked = format!("{ask:?}");
        assert_eq!(found(&mut region, ask), expected, "{asked}");
    }
}

#[test]
fn a_search_reads_no_more_than_it_answers() {
    let mut region = region();
    for stream in 0..50 {
        let first = stream * 10_000;
        fill(&mut region, &format!("s{stream:02}"), first..first + 10_000);
    }
    let ask = FilterLogEventsRequest { limit: Some(10), start_time: Some(200_000), ..ask() };
    let events = region.ok::<FilterLogEvents>(ask).events.unwrap();
    assert_eq!(told(&events)[0], "s20:200000");
    assert!(region.logs.read.get() <= 500, "{} events read", region.logs.read.get());
}

#[test]
fn a_search_for_what_is_rare_goes_on_in_pages_that_may_be_empty() {
    let mut region = region();
    fill(&mut region, "s", 0..120_000);
    let ask = FilterLogEventsRequest { filter_pattern: Some("119999".to_owned()), ..ask() };
    let pages = pages(&mut region, ask);
    assert_eq!(pages, [vec![], vec![], vec!["s:119999".to_owned()]]);
}

#[test]
fn a_page_ends_before_its_answer_is_too_long() {
    let mut region = region();
    create_stream(&mut region, "s");
    let long = "x".repeat(600_000);
    for _ in 0..3 {
        put(&mut region, "s", &[(0, &long)]);
    }
    let pages = pages(&mut region, ask());
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn a_tail_sees_every_event_once() {
    // As `aws logs tail --follow` does: search from a time on to the end of the pages, then again
    // from the newest time that was seen, leaving out what has an id that was seen.
    let mut region = region();
    create_stream(&mut region, "s");
    create_stream(&mut region, "t");
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    let mut start = Some(region.now.millis());
    for round in 0..6_i64 {
        let message = round.to_string();
        put(&mut region, "s", &[(round / 2, &message)]);
        put(&mut region, "t", &[(round / 2, &message)]);
        let mut token = None;
        loop {
            let ask = FilterLogEventsRequest {
                start_time: start,
                next_token: token,
                limit: Some(1),
                interleaved: Some(true),
                ..ask()
            };
            let answer = region.ok::<FilterLogEvents>(ask);
            for event in answer.events.unwrap() {
                start = start.max(event.timestamp);
                if seen.insert(event.event_id.clone().unwrap()) {
                    order.extend(told(&[event]));
                }
            }
            token = answer.next_token;
            if token.is_none() {
                break;
            }
        }
    }
    let expected: Vec<String> = (0..6).flat_map(|n| [format!("s:{n}"), format!("t:{n}")]).collect();
    assert_eq!(order, expected);
}

#[test]
fn an_event_is_shown_as_aws_shows_it() {
    let mut region = region();
    create_stream(&mut region, "s");
    put(&mut region, "s", &[(-1, "hello")]);
    let answer = region.ok::<FilterLogEvents>(ask());
    assert_eq!((answer.searched_log_streams, answer.next_token), (Some(vec![]), None));
    let event = answer.events.unwrap().remove(0);
    let now = region.now.millis();
    assert_eq!((event.timestamp, event.ingestion_time), (Some(now - 1000), Some(now)));
    assert!(event.event_id.is_some_and(|id| id.len() == 56));
}

#[test]
fn expired_events_are_not_found() {
    let mut region = region();
    let day = 24 * 60 * 60 * 1000;
    let now = region.now.millis();
    fill(&mut region, "s", [now - 2 * day, now - day]);
    retain(&mut region, 1);
    assert_eq!(found(&mut region, ask()), [format!("s:{}", now - day)]);
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut region = region();
    create_stream(&mut region, "s");
    let some = |text: &str| Some(text.to_owned());
    let names = Some(vec!["s".to_owned()]);
    let invalid = |message: &str| format!("InvalidParameterException: {message}");
    for (ask, expected) in [
        (
            FilterLogEventsRequest { next_token: some("x"), ..ask() },
            invalid("The specified nextToken is invalid."),
        ),
        (
            FilterLogEventsRequest { filter_pattern: some("a-b"), ..ask() },
            invalid("Invalid filter pattern: Invalid character(s) in term 'a-b'"),
        ),
        (
            FilterLogEventsRequest {
                log_stream_names: names,
                log_stream_name_prefix: some("s"),
                ..ask()
            },
            invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters."),
        ),
        (
            FilterLogEventsRequest {
                start_from_head: Some(false),
                start_time: Some(1_704_067_199_999),
                ..ask()
            },
            invalid(
                "startFromHead can be false only when startTime is on or after Jan 1, 2024 \
                    00:00:00 UTC.",
            ),
        ),
        (
            FilterLogEventsRequest { log_stream_names: Some(vec!["never".to_owned()]), ..ask() },
            "ResourceNotFoundException: The specified log stream does not exist.".to_owned(),
        ),
        (
            FilterLogEventsRequest { log_group_name: some("never"), ..Default::default() },
            "ResourceNotFoundException: The specified log group does not exist.".to_owned(),
        ),
    ] {
        assert_eq!(region.fault::<FilterLogEvents>(ask), expected);
    }
}
