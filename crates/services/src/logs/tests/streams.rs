use super::*;
use api::logs::{
    DeleteLogStream, DeleteLogStreamRequest, DescribeLogStreams, DescribeLogStreamsRequest,
    LogStream,
};

fn ask() -> DescribeLogStreamsRequest {
    DescribeLogStreamsRequest { log_group_name: Some("app".to_owned()), ..Default::default() }
}

fn names(region: &mut Region, ask: DescribeLogStreamsRequest) -> Vec<String> {
    let streams = region.ok::<DescribeLogStreams>(ask).log_streams.unwrap();
    streams.into_iter().flat_map(|stream| stream.log_stream_name).collect()
}

#[test]
fn a_stream_is_shown_as_aws_shows_it() {
    let mut region = region();
    create_stream(&mut region, "web/app/1");
    let arn = "arn:aws:logs:eu-west-1:000000000000:log-group:app:log-stream:web/app/1";
    let empty = LogStream {
        log_stream_name: Some("web/app/1".to_owned()),
        creation_time: Some(region.now.millis()),
        arn: Some(arn.to_owned()),
        stored_bytes: Some(0),
        ..Default::default()
    };
    let streams = region.ok::<DescribeLogStreams>(ask()).log_streams.unwrap();
    assert_eq!(streams, std::slice::from_ref(&empty));

    put(&mut region, "web/app/1", &[(-20, "a"), (-10, "b")]);
    let stream = region.ok::<DescribeLogStreams>(ask()).log_streams.unwrap().remove(0);
    let now = region.now.millis();
    assert!(stream.upload_sequence_token.is_some());
    let expected = LogStream {
        first_event_timestamp: Some(now - 20_000),
        last_event_timestamp: Some(now - 10_000),
        last_ingestion_time: Some(now),
        upload_sequence_token: stream.upload_sequence_token.clone(),
        ..empty
    };
    assert_eq!(stream, expected);
}

#[test]
fn streams_are_listed_in_the_order_that_is_asked_for() {
    let mut region = region();
    fill(&mut region, "b", [10]);
    fill(&mut region, "a", [30]);
    fill(&mut region, "d", [20]);
    fill(&mut region, "c", []);
    let by = |order: &str, descending| DescribeLogStreamsRequest {
        order_by: Some(order.to_owned()),
        descending: Some(descending),
        ..ask()
    };
    for (ask, expected) in [
        (ask(), ["a", "b", "c", "d"]),
        (by("LogStreamName", true), ["d", "c", "b", "a"]),
        (by("LastEventTime", false), ["c", "b", "d", "a"]),
        (by("LastEventTime", true), ["a", "d", "b", "c"]),
    ] {
        let told = format!("{ask:?}");
        assert_eq!(names(&mut region, ask.clone()), expected, "{told}");
        let mut paged = Vec::new();
        let mut token = None;
        loop {
            let page =
                DescribeLogStreamsRequest { limit: Some(1), next_token: token, ..ask.clone() };
            let page = region.ok::<DescribeLogStreams>(page);
            paged.extend(page.log_streams.unwrap().into_iter().flat_map(|s| s.log_stream_name));
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(paged, expected, "{told}");
    }
    let prefix =
        DescribeLogStreamsRequest { log_stream_name_prefix: Some("b".to_owned()), ..ask() };
    assert_eq!(names(&mut region, prefix), ["b"]);
}

#[test]
fn a_group_is_named_in_one_way() {
    let mut region = region();
    create_stream(&mut region, "s");
    let identified = |name: Option<&str>, identifier: Option<&str>| DescribeLogStreamsRequest {
        log_group_name: name.map(str::to_owned),
        log_group_identifier: identifier.map(str::to_owned),
        ..Default::default()
    };
    let arn = "arn:aws:logs:eu-west-1:000000000000:log-group:app";
    for identifier in ["app", arn, &format!("{arn}:*")] {
        assert_eq!(names(&mut region, identified(None, Some(identifier))), ["s"], "{identifier}");
    }
    for (name, identifier, expected) in [
        (
            Some("app"),
            Some("app"),
            "ValidationException: LogGroup name and LogGroup ARN are mutually exclusive \
                parameters.",
        ),
        (
            None,
            None,
            "InvalidParameterException: Either logGroupName or logGroupIdentifier must be \
                specified.",
        ),
        (Some("never"), None, "ResourceNotFoundException: The specified log group does not exist."),
        (
            None,
            Some("arn:aws:logs:us-east-1:000000000000:log-group:app"),
            "ResourceNotFoundException: The specified log group does not exist.",
        ),
    ] {
        let refused = region.fault::<DescribeLogStreams>(identified(name, identifier));
        assert_eq!(refused, expected, "{name:?} {identifier:?}");
    }
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut region = region();
    create_stream(&mut region, "s");
    let create = |group: &str, stream: &str| CreateLogStreamRequest {
        log_group_name: group.to_owned(),
        log_stream_name: stream.to_owned(),
    };
    let delete = |group: &str, stream: &str| DeleteLogStreamRequest {
        log_group_name: group.to_owned(),
        log_stream_name: stream.to_owned(),
    };
    let no_group = "ResourceNotFoundException: The specified log group does not exist.";
    let no_stream = "ResourceNotFoundException: The specified log stream does not exist.";
    let exists = "ResourceAlreadyExistsException: The specified log stream already exists";
    assert_eq!(region.fault::<CreateLogStream>(create("app", "s")), exists);
    assert_eq!(region.fault::<CreateLogStream>(create("never", "s")), no_group);
    assert_eq!(region.fault::<DeleteLogStream>(delete("never", "s")), no_group);
    assert_eq!(region.fault::<DeleteLogStream>(delete("app", "never")), no_stream);
    let ordered = DescribeLogStreamsRequest {
        order_by: Some("LastEventTime".to_owned()),
        log_stream_name_prefix: Some("s".to_owned()),
        ..ask()
    };
    assert_eq!(
        region.fault::<DescribeLogStreams>(ordered),
        "InvalidParameterException: Cannot order by LastEventTime with a logStreamNamePrefix."
    );
    let by_time = DescribeLogStreamsRequest {
        order_by: Some("LastEventTime".to_owned()),
        limit: Some(1),
        ..ask()
    };
    create_stream(&mut region, "t");
    let token = region.ok::<DescribeLogStreams>(by_time).next_token;
    let other = DescribeLogStreamsRequest { next_token: token, ..ask() };
    assert_eq!(
        region.fault::<DescribeLogStreams>(other),
        "InvalidParameterException: The specified nextToken is invalid."
    );
}

#[test]
fn a_stream_goes_with_its_events() {
    let mut region = region();
    fill(&mut region, "s", [1]);
    let stream = DeleteLogStreamRequest {
        log_group_name: "app".to_owned(),
        log_stream_name: "s".to_owned(),
    };
    region.ok::<DeleteLogStream>(stream);
    assert_eq!(names(&mut region, ask()), [""; 0]);
    create_stream(&mut region, "s");
    let stream = region.ok::<DescribeLogStreams>(ask()).log_streams.unwrap().remove(0);
    assert_eq!(stream.last_event_timestamp, None);
}

#[test]
fn expired_events_are_not_shown() {
    let mut region = region();
    let day = 24 * 60 * 60 * 1000;
    let now = region.now.millis();
    fill(&mut region, "half", [now - 2 * day, now]);
    fill(&mut region, "old", [now - 2 * day]);
    retain(&mut region, 1);
    let streams = region.ok::<DescribeLogStreams>(ask()).log_streams.unwrap();
    let times: Vec<_> =
        streams.iter().map(|s| (s.first_event_timestamp, s.last_event_timestamp)).collect();
    assert_eq!(times, [(Some(now - day), Some(now)), (None, None)]);
}
