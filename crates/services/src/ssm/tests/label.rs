use super::*;
use api::ssm::{
    LabelParameterVersion, LabelParameterVersionRequest, UnlabelParameterVersion,
    UnlabelParameterVersionRequest,
};

fn label(version: Option<i64>, labels: &[&str]) -> LabelParameterVersionRequest {
    LabelParameterVersionRequest {
        name: "/p".to_owned(),
        parameter_version: version,
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
    }
}

fn two_versions() -> Region {
    let mut region = region();
    put(&mut region, new("/p", "one"));
    put(&mut region, overwrite("/p", "two"));
    region
}

/// The labels of each version.
fn labels(region: &Region) -> Vec<Vec<String>> {
    let parameter = region.world.parameter("/p", region.now).unwrap();
    parameter.versions.iter().map(|version| version.labels.clone()).collect()
}

#[test]
fn a_label_has_one_place() {
    let mut region = two_versions();
    let newest = region.ok::<LabelParameterVersion>(label(None, &["live", "b", "b"]));
    assert_eq!(newest.parameter_version, Some(2));
    assert_eq!(labels(&region), [vec![], vec!["live", "b"]]);
    region.ok::<LabelParameterVersion>(label(Some(1), &["live"]));
    assert_eq!(labels(&region), [vec!["live"], vec!["b"]]);
    assert_eq!(value(&mut region, "/p:live"), "one");
}

#[test]
fn what_is_no_label_is_told_and_left_out() {
    let mut region = two_versions();
    let long = "l".repeat(101);
    let asked = ["ok.-_1", "1st", "AWSome", "ssm-x", "a b", &long];
    let answer = region.ok::<LabelParameterVersion>(label(None, &asked));
    assert_eq!(answer.invalid_labels.unwrap(), asked[1..]);
    assert_eq!(labels(&region), [vec![], vec!["ok.-_1"]]);
}

#[test]
fn a_version_has_ten_labels_at_most() {
    let mut region = two_versions();
    let many: Vec<String> = (0..10).map(|n| format!("l{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    region.ok::<LabelParameterVersion>(label(None, &many));
    region.ok::<LabelParameterVersion>(label(None, &many));
    let fault = region.fault::<LabelParameterVersion>(label(None, &["more"]));
    assert_eq!(
        fault,
        "ParameterVersionLabelLimitExceeded: A parameter version can have maximum 10 labels. Move \
            one or more labels to another version and try again."
    );
    assert_eq!(labels(&region)[1].len(), 10);
}

#[test]
fn labels_can_be_taken_away() {
    let mut region = two_versions();
    region.ok::<LabelParameterVersion>(label(Some(1), &["a", "b"]));
    let ask = UnlabelParameterVersionRequest {
        name: "/p".to_owned(),
        parameter_version: 1,
        labels: vec!["b".to_owned(), "c".to_owned()],
    };
    let answer = region.ok::<UnlabelParameterVersion>(ask);
    assert_eq!(answer.removed_labels.unwrap(), ["b"]);
    assert_eq!(answer.invalid_labels.unwrap(), ["c"]);
    assert_eq!(labels(&region), [vec!["a"], vec![]]);
}

#[test]
fn what_is_not_there_is_refused() {
    let mut region = two_versions();
    let missing = LabelParameterVersionRequest { name: "/n".to_owned(), ..label(None, &["a"]) };
    assert_eq!(
        region.fault::<LabelParameterVersion>(missing),
        "ParameterNotFound: Parameter /n not found."
    );
    let version = "ParameterVersionNotFound: Systems Manager could not find version 3 of /p. \
        Verify the version and try again.";
    assert_eq!(region.fault::<LabelParameterVersion>(label(Some(3), &["a"])), version);
    let ask = UnlabelParameterVersionRequest {
        name: "/p".to_owned(),
        parameter_version: 3,
        labels: vec![],
    };
    assert_eq!(region.fault::<UnlabelParameterVersion>(ask), version);
}
