use super::*;
use api::secretsmanager::{
    BatchGetSecretValue, BatchGetSecretValueRequest, DescribeSecret, DescribeSecretRequest, Filter,
};
use model::Span;

#[test]
fn a_value_is_found_by_id_stage_or_neither() {
    let mut region = with_secret();
    put_value(&mut region, "v2", None);
    let by = |version: Option<&str>, stage: Option<&str>| GetSecretValueRequest {
        version_id: version.map(token),
        version_stage: stage.map(str::to_owned),
        ..ask("s")
    };
    let missing =
        "ResourceNotFoundException: Secrets Manager can't find the specified secret value for";
    for (ask, expected) in [
        (by(None, None), Ok("v2")),
        (by(None, Some("AWSPREVIOUS")), Ok("one")),
        (by(Some("v1"), None), Ok("one")),
        (by(Some("v1"), Some("AWSPREVIOUS")), Ok("one")),
        (
            by(Some("v1"), Some("AWSCURRENT")),
            Err("InvalidRequestException: You provided a \
            VersionStage that is not associated to the provided VersionId."
                .to_owned()),
        ),
        (by(None, Some("AWSPENDING")), Err(format!("{missing} staging label: AWSPENDING"))),
        (by(Some("v9"), None), Err(format!("{missing} VersionId: {}", token("v9")))),
    ] {
        let told = format!("{ask:?}");
        let answer = region.call::<GetSecretValue>(ask);
        let answer = answer.map(|answer| answer.secret_string.unwrap().reveal().to_owned());
        let expected = expected.map(str::to_owned);
        assert_eq!(answer.map_err(|fault| fault.to_string()), expected, "{told}");
    }
}

#[test]
fn bytes_come_back_as_bytes() {
    let mut region = region();
    let bytes = CreateSecretRequest {
        secret_string: None,
        secret_binary: Some(vec![0, 255].into()),
        ..create("b", "", "v1")
    };
    region.ok::<CreateSecret>(bytes);
    let answer = region.ok::<GetSecretValue>(ask("b"));
    assert_eq!((answer.secret_string, answer.secret_binary), (None, Some(vec![0, 255].into())));
}

#[test]
fn a_secret_is_found_by_its_arn_whole_or_not() {
    let mut region = with_secret();
    let arn = region.ok::<GetSecretValue>(ask("s")).arn.unwrap();
    assert_eq!(value(&mut region, &arn), "one");
    assert_eq!(value(&mut region, &arn[..arn.len() - 7]), "one");
    assert_eq!(region.fault::<GetSecretValue>(ask(&arn.replace("eu-west", "us-east"))), MISSING);
    assert_eq!(region.fault::<GetSecretValue>(ask("never")), MISSING);
    let fault = region.fault::<GetSecretValue>(ask("not a name"));
    assert!(fault.starts_with("ValidationException: Invalid name."), "{fault}");
}

#[test]
fn the_day_of_the_last_read_is_kept_and_written_once_a_day() {
    let mut region = with_secret();
    let described = |region: &mut Region| {
        let secret = DescribeSecretRequest { secret_id: "s".to_owned() };
        region.ok::<DescribeSecret>(secret).last_accessed_date
    };
    assert_eq!(described(&mut region), None);
    value(&mut region, "s");
    let first = described(&mut region).unwrap();
    assert_eq!((first.of_day(), first.date()), (0, region.now.date()));
    let before = region.world.secret("s", region.now).cloned();
    region.pass(Span::seconds(1));
    value(&mut region, "s");
    assert_eq!(region.world.secret("s", region.now).cloned(), before);
    region.pass(Span::minutes(24 * 60));
    value(&mut region, "s");
    assert_eq!(described(&mut region), Some(first + Span::minutes(24 * 60)));
}

fn names(answer: &api::secretsmanager::BatchGetSecretValueResponse) -> Vec<&str> {
    let values = answer.secret_values.iter().flatten();
    values.flat_map(|value| value.name.as_deref()).collect()
}

#[test]
fn many_are_read_at_once_and_what_can_not_be_is_told() {
    let mut region = with_secret();
    region.ok::<CreateSecret>(create("shop/db", "two", "v1"));
    region.ok::<CreateSecret>(create("gone", "three", "v1"));
    region.ok::<DeleteSecret>(delete("gone"));
    let list = ["shop/db", "never", "s", "gone"].map(str::to_owned).to_vec();
    let by_list = BatchGetSecretValueRequest { secret_id_list: Some(list), ..Default::default() };
    let answer = region.ok::<BatchGetSecretValue>(by_list);
    assert_eq!(names(&answer), ["shop/db", "s"]);
    let errors: Vec<_> = answer.errors.unwrap();
    let told: Vec<_> = errors
        .iter()
        .map(|error| (error.secret_id.as_deref().unwrap(), error.error_code.as_deref().unwrap()))
        .collect();
    assert_eq!(told, [("never", "ResourceNotFoundException"), ("gone", "InvalidRequestException")]);

    let filter = Filter { key: Some("name".to_owned()), values: Some(vec!["s".to_owned()]) };
    let by_filter = |max_results, next_token| BatchGetSecretValueRequest {
        filters: Some(vec![filter.clone()]),
        max_results,
        next_token,
        ..Default::default()
    };
    let first = region.ok::<BatchGetSecretValue>(by_filter(Some(1), None));
    assert_eq!(names(&first), ["s"]);
    let rest = region.ok::<BatchGetSecretValue>(by_filter(None, first.next_token));
    assert_eq!((names(&rest), rest.next_token.as_deref()), (vec!["shop/db"], None));
}

#[test]
fn a_batch_is_named_in_one_way() {
    let mut region = with_secret();
    let list = || Some(vec!["s".to_owned()]);
    let filters =
        || Some(vec![Filter { key: Some("all".to_owned()), values: Some(vec!["s".to_owned()]) }]);
    let either = "InvalidParameterException: Either 'SecretIdList' or 'Filters' must be provided, \
        but not both.";
    let ask = BatchGetSecretValueRequest::default;
    for (ask, expected) in [
        (ask(), either),
        (
            BatchGetSecretValueRequest { secret_id_list: list(), filters: filters(), ..ask() },
            either,
        ),
        (
            BatchGetSecretValueRequest { secret_id_list: list(), max_results: Some(1), ..ask() },
            "InvalidParameterException: 'Filters' not specified. 'Filters' must also be specified \
                when 'MaxResults' is provided.",
        ),
    ] {
        assert_eq!(region.fault::<BatchGetSecretValue>(ask), expected);
    }
}

#[test]
fn a_refusal_never_tells_a_secret() {
    let mut region = region();
    region.ok::<CreateSecret>(create("s", "hunter2", "v1"));
    for fault in [
        region.call::<CreateSecret>(create("s", "hunter3", "v1")).unwrap_err(),
        region.call::<PutSecretValue>(put("v1", "hunter3", None)).unwrap_err(),
    ] {
        assert!(!format!("{fault:?}").contains("hunter"), "{fault:?}");
    }
    assert!(!format!("{:?}", region.world.secret("s", region.now)).contains("hunter"));
}
