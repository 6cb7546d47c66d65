use super::table;
use crate::testing::{Region, assert_complete};
use api::sns::*;
use std::collections::BTreeMap;

const ARN: &str = "arn:aws:sns:eu-west-1:000000000000:alarms";

fn named(name: &str) -> CreateTopicInput {
    CreateTopicInput { name: name.to_owned(), ..Default::default() }
}

fn region() -> Region {
    let mut region = Region::of(table());
    region.ok::<CreateTopic>(named("alarms"));
    region
}

fn attributes(region: &mut Region) -> BTreeMap<String, String> {
    let input = GetTopicAttributesInput { topic_arn: ARN.to_owned() };
    region.ok::<GetTopicAttributes>(input).attributes.unwrap()
}

fn subscribe(protocol: &str, endpoint: &str) -> SubscribeInput {
    SubscribeInput {
        topic_arn: ARN.to_owned(),
        protocol: protocol.to_owned(),
        endpoint: Some(endpoint.to_owned()),
        ..Default::default()
    }
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(api::Service::Sns, &table());
}

#[test]
fn making_a_topic_again_answers_the_one_that_is_there() {
    let mut region = region();
    let again = region.ok::<CreateTopic>(named("alarms"));
    assert_eq!(again.topic_arn.as_deref(), Some(ARN));
    let display = BTreeMap::from([("DisplayName".to_owned(), "Alarms".to_owned())]);
    let other = CreateTopicInput { attributes: Some(display), ..named("alarms") };
    assert_eq!(
        region.fault::<CreateTopic>(other),
        "InvalidParameter: Invalid parameter: Attributes Reason: Topic already exists with \
         different attributes"
    );
    for name in ["", "a b", "a.b"] {
        let fault = region.fault::<CreateTopic>(named(name));
        assert_eq!(fault, "InvalidParameter: Invalid parameter: Topic Name");
    }
    let fault = region.fault::<CreateTopic>(named("a.fifo"));
    assert!(fault.contains("not implemented"), "{fault}");
    let topics = region.ok::<ListTopics>(ListTopicsInput::default()).topics.unwrap();
    assert_eq!(topics.len(), 1);
}

#[test]
fn attributes_are_kept_and_others_follow() {
    let mut region = region();
    let set = |name: &str, value: &str| SetTopicAttributesInput {
        topic_arn: ARN.to_owned(),
        attribute_name: name.to_owned(),
        attribute_value: Some(value.to_owned()),
    };
    region.ok::<SetTopicAttributes>(set("DisplayName", "Alarms"));
    let held = attributes(&mut region);
    assert_eq!((held["DisplayName"].as_str(), held["Owner"].as_str()), ("Alarms", "000000000000"));
    assert!(held["Policy"].contains("__default_policy_ID"));
    for (name, value) in [("Owner", "x"), ("Policy", "{}"), ("TracingConfig", "Never")] {
        let fault = region.fault::<SetTopicAttributes>(set(name, value));
        assert!(fault.starts_with("InvalidParameter: Invalid parameter: "), "{fault}");
    }
}

#[test]
fn a_subscription_waits_for_its_confirmation() {
    let mut region = region();
    let first = region.ok::<Subscribe>(subscribe("email", "ops@shop.example"));
    assert_eq!(first.subscription_arn.as_deref(), Some("pending confirmation"));
    let again = SubscribeInput {
        return_subscription_arn: Some(true),
        ..subscribe("email", "ops@shop.example")
    };
    let arn = region.ok::<Subscribe>(again).subscription_arn.unwrap();
    assert!(arn.starts_with(ARN), "{arn}");
    assert_eq!(attributes(&mut region)["SubscriptionsPending"], "1");
    let listed = ListSubscriptionsByTopicInput { topic_arn: ARN.to_owned(), next_token: None };
    let listed = region.ok::<ListSubscriptionsByTopic>(listed).subscriptions.unwrap();
    assert_eq!(listed[0].subscription_arn.as_deref(), Some("PendingConfirmation"));
    let one = GetSubscriptionAttributesInput { subscription_arn: arn.clone() };
    let held = region.ok::<GetSubscriptionAttributes>(one).attributes.unwrap();
    assert_eq!(held["PendingConfirmation"], "true");
    for (protocol, endpoint, expected) in [
        ("email", "ops", "InvalidParameter: Invalid parameter: Email address"),
        ("https", "http://a", "InvalidParameter: Invalid parameter: Endpoint Reason: must match"),
        ("sqs", "arn:aws:sqs:::q", "InvalidParameter: The protocol sqs is not implemented"),
        ("pigeon", "x", "InvalidParameter: Invalid parameter: Protocol Reason: Amazon SNS"),
    ] {
        let fault = region.fault::<Subscribe>(subscribe(protocol, endpoint));
        assert!(fault.starts_with(expected), "{fault}");
    }
    region.ok::<DeleteTopic>(DeleteTopicInput { topic_arn: ARN.to_owned() });
    let one = GetSubscriptionAttributesInput { subscription_arn: arn };
    let fault = region.fault::<GetSubscriptionAttributes>(one);
    assert_eq!(fault, "NotFound: Subscription does not exist");
}

#[test]
fn what_can_not_be_published_is_refused() {
    let mut region = region();
    let message = |arn: &str, message: &str| PublishInput {
        topic_arn: Some(arn.to_owned()),
        message: message.to_owned(),
        ..Default::default()
    };
    let sent = region.ok::<Publish>(message(ARN, "x")).message_id.unwrap();
    assert_eq!(sent.len(), 36);
    for (input, expected) in [
        (message("arn:aws:sns:eu-west-1:000000000000:no", "x"), "NotFound: Topic does not exist"),
        (message("no", "x"), "InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must"),
        (message(ARN, ""), "InvalidParameter: Invalid parameter: Empty message"),
        (
            PublishInput { message_structure: Some("json".to_owned()), ..message(ARN, "{}") },
            "InvalidParameter: Invalid parameter: Message Structure Reason: No default entry",
        ),
        (
            PublishInput { subject: Some(String::new()), ..message(ARN, "x") },
            "InvalidParameter: Invalid parameter: Subject",
        ),
    ] {
        let fault = region.fault::<Publish>(input);
        assert!(fault.starts_with(expected), "{fault}");
    }
}
