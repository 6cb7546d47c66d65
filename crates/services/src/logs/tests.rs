//! Calls to CloudWatch Logs, as clients make them.

mod filter;
mod get;
mod groups;
mod put;
mod streams;
mod tags;

use crate::testing::{Region, assert_complete};
use api::Service;
use api::logs::{
    CreateLogGroup, CreateLogGroupRequest, CreateLogStream, CreateLogStreamRequest, InputLogEvent,
    PutLogEvents, PutLogEventsRequest, PutRetentionPolicy, PutRetentionPolicyRequest,
};
use model::Timestamp;
use world::{LogEvent, LogStreamKey};

/// A region with a log group called `app`.
fn region() -> Region {
    let mut region = Region::of(super::table());
    create_group(&mut region, "app");
    region
}

fn create_group(region: &mut Region, name: &str) {
    region.ok::<CreateLogGroup>(CreateLogGroupRequest {
        log_group_name: name.to_owned(),
        ..Default::default()
    });
}

/// Makes a stream of the group `app`.
fn create_stream(region: &mut Region, name: &str) {
    region.ok::<CreateLogStream>(CreateLogStreamRequest {
        log_group_name: "app".to_owned(),
        log_stream_name: name.to_owned(),
    });
}

fn retain(region: &mut Region, days: i32) {
    region.ok::<PutRetentionPolicy>(PutRetentionPolicyRequest {
        log_group_name: "app".to_owned(),
        retention_in_days: days,
    });
}

/// A batch for a stream of the group `app`: seconds before or after now, and messages.
fn batch(region: &Region, stream: &str, events: &[(i64, &str)]) -> PutLogEventsRequest {
    let event = |(seconds, message): &(i64, &str)| InputLogEvent {
        timestamp: region.now.millis() + seconds * 1000,
        message: (*message).to_owned(),
    };
    PutLogEventsRequest {
        log_group_name: "app".to_owned(),
        log_stream_name: stream.to_owned(),
        log_events: events.iter().map(event).collect(),
        ..Default::default()
    }
}

fn put(region: &mut Region, stream: &str, events: &[(i64, &str)]) {
    let batch = batch(region, stream, events);
    region.ok::<PutLogEvents>(batch);
}

/// A stream of the group `app` with an event at each of these milliseconds, its time as message.
fn fill(region: &mut Region, stream: &str, times: impl IntoIterator<Item = i64>) {
    create_stream(region, stream);
    let key = LogStreamKey { group: "app".into(), stream: stream.into() };
    let event =
        |millis: i64| LogEvent { at: Timestamp::from_millis(millis), message: millis.to_string() };
    let events = times.into_iter().map(event).collect();
    region.logs.append(key, events, region.now);
}

#[test]
fn every_operation_that_has_shapes_has_a_handler() {
    assert_complete(Service::Logs, &super::table());
}
