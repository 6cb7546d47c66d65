//! What the golden messages of SNS say.

use super::{check, check_fault};
use api::{Call, Fault, sns};

pub(crate) fn sns() {
    check::<sns::SetTopicAttributes>(
        sns::SetTopicAttributesInput {
            topic_arn: "arn:aws:sns:eu-west-1:000000000000:alarms".into(),
            attribute_name: "DisplayName".into(),
            attribute_value: Some("Alarms".into()),
        },
        api::value::Nothing,
    );
    check::<sns::GetTopicAttributes>(
        sns::GetTopicAttributesInput {
            topic_arn: "arn:aws:sns:eu-west-1:000000000000:alarms".into(),
        },
        sns::GetTopicAttributesResponse {
            attributes: Some([("Owner".to_owned(), "000000000000".to_owned())].into()),
        },
    );
    check::<sns::CreateTopic>(
        sns::CreateTopicInput {
            name: "alarms".into(),
            attributes: Some([("DisplayName".to_owned(), "Alarms".to_owned())].into()),
            tags: Some(vec![sns::Tag { key: "team".into(), value: "a".into() }]),
            data_protection_policy: None,
        },
        sns::CreateTopicResponse {
            topic_arn: Some("arn:aws:sns:eu-west-1:000000000000:alarms".into()),
        },
    );
    let absent = Fault::refuse("NotFound", "Topic does not exist").with_status(404);
    check_fault(sns::GetTopicAttributes::OPERATION, &absent);
}
