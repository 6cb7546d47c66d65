use super::*;
use api::logs::{GetLogEvents, GetLogEventsRequest, RejectedLogEventsInfo};

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

fn stored(region: &mut Region) -> Vec<String> {
    let ask = GetLogEventsRequest {
        log_group_name: Some("app".to_owned()),
        log_stream_name: "s".to_owned(),
        ..Default::default()
    };
    let events = region.ok::<GetLogEvents>(ask).events.unwrap();
    events.into_iter().flat_map(|event| event.message).collect()
}

#[test]
fn a_batch_is_stored_and_answered_with_a_token_that_means_nothing() {
    let mut region = region();
    create_stream(&mut region, "s");
    let batch = PutLogEventsRequest {
        sequence_token: Some("wrong".to_owned()),
        ..batch(&region, "s", &[(-1, "a"), (0, "b"), (0, "c")])
    };
    let answer = region.ok::<PutLogEvents>(batch);
    assert!(answer.next_sequence_token.is_some());
    assert_eq!(answer.rejected_log_events_info, None);
    assert_eq!(stored(&mut region), ["a", "b", "c"]);
}

#[test]
fn events_outside_of_the_allowed_times_are_left_out_and_told() {
    let check = |days: Option<i32>,
                 events: &[(i64, &str)],
                 told: (Option<i32>, Option<i32>, Option<i32>),
                 left: &[&str]| {
        let mut region = region();
        create_stream(&mut region, "s");
        if let Some(days) = days {
            retain(&mut region, days);
        }
        let batch = batch(&region, "s", events);
        let answer = region.ok::<PutLogEvents>(batch).rejected_log_events_info;
        let (too_old, expired, too_new) = told;
        let expected = RejectedLogEventsInfo {
            too_new_log_event_start_index: too_new,
            too_old_log_event_end_index: too_old,
            expired_log_event_end_index: expired,
        };
        assert_eq!(answer, Some(expected), "{events:?}");
        assert_eq!(stored(&mut region), left, "{events:?}");
    };
    check(
        None,
        &[(-15 * DAY, "old"), (-14 * DAY - 1, "old"), (0, "a")],
        (Some(2), None, None),
        &["a"],
    );
    check(
        None,
        &[(0, "a"), (2 * HOUR + 1, "new"), (3 * HOUR, "new")],
        (None, None, Some(1)),
        &["a"],
    );
    check(
        Some(1),
        &[(-15 * DAY, "old"), (-DAY - 1, "expired"), (0, "a")],
        (Some(1), Some(2), None),
        &["a"],
    );
    check(
        None,
        &[(-15 * DAY, "old"), (0, "a"), (3 * HOUR, "new")],
        (Some(1), None, Some(2)),
        &["a"],
    );
    check(None, &[(-15 * DAY, "old")], (Some(1), None, None), &[]);
}

#[test]
fn the_borders_of_time_are_allowed() {
    let mut region = region();
    create_stream(&mut region, "s");
    for events in [[(-14 * DAY, "a"), (-13 * DAY, "b")], [(-22 * HOUR, "c"), (2 * HOUR, "d")]] {
        let batch = batch(&region, "s", &events);
        assert_eq!(region.ok::<PutLogEvents>(batch).rejected_log_events_info, None);
    }
    assert_eq!(stored(&mut region), ["a", "b", "c", "d"]);
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut region = region();
    create_stream(&mut region, "s");
    let mib = "x".repeat(1_048_576 - 26);
    let half = "x".repeat(524_288 - 26);
    let over = format!("{mib}x");
    for (events, expected) in [
        (
            &[(0, "a"), (-1, "b")][..],
            "Log events in a single PutLogEvents request must be in chronological order.",
        ),
        (
            &[(-25 * HOUR, "a"), (0, "b")],
            "The batch of log events in a single PutLogEvents request cannot span more than 24 \
                hours.",
        ),
        (&[(0, over.as_str())], "Log event too large: 1048577 bytes exceeds limit of 1048576"),
        (
            &[(0, half.as_str()), (0, half.as_str()), (0, "")],
            "Upload too large: 1048602 bytes exceeds limit of 1048576",
        ),
    ] {
        let batch = batch(&region, "s", events);
        let refused = region.fault::<PutLogEvents>(batch);
        assert_eq!(refused, format!("InvalidParameterException: {expected}"));
    }
    assert_eq!(stored(&mut region), [""; 0]);
    put(&mut region, "s", &[(0, mib.as_str())]);
    assert_eq!(stored(&mut region).len(), 1);

    let nowhere = |group: &str, stream: &str| PutLogEventsRequest {
        log_group_name: group.to_owned(),
        log_stream_name: stream.to_owned(),
        ..Default::default()
    };
    assert_eq!(
        region.fault::<PutLogEvents>(nowhere("never", "s")),
        "ResourceNotFoundException: The specified log group does not exist."
    );
    assert_eq!(
        region.fault::<PutLogEvents>(nowhere("app", "never")),
        "ResourceNotFoundException: The specified log stream does not exist."
    );
}
