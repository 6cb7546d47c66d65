use super::*;
use api::ssm::{
    DescribeParameters, DescribeParametersRequest, ParameterMetadata, ParameterStringFilter,
    ParametersFilter, Tag,
};

fn region() -> Region {
    let mut region = super::region();
    let tag = |value: &str| Some(vec![Tag { key: "team".to_owned(), value: value.to_owned() }]);
    put(&mut region, PutParameterRequest { tags: tag("web"), ..new("/shop/url", "u") });
    put(&mut region, PutParameterRequest { tags: tag("ops"), ..secure("/shop/db/password", "p") });
    put(&mut region, PutParameterRequest { tier: Some("Advanced".to_owned()), ..new("flat", "f") });
    put(
        &mut region,
        PutParameterRequest { r#type: Some("StringList".to_owned()), ..new("/list", "a,b") },
    );
    region
}

fn filter(key: &str, option: Option<&str>, values: &[&str]) -> DescribeParametersRequest {
    let values = Some(values.iter().map(|value| (*value).to_owned()).collect());
    let option = option.map(str::to_owned);
    DescribeParametersRequest {
        parameter_filters: Some(vec![ParameterStringFilter {
            key: key.to_owned(),
            option,
            values,
        }]),
        ..Default::default()
    }
}

fn old(key: &str, value: &str) -> DescribeParametersRequest {
    let filter = ParametersFilter { key: key.to_owned(), values: vec![value.to_owned()] };
    DescribeParametersRequest { filters: Some(vec![filter]), ..Default::default() }
}

#[test]
fn a_parameter_is_described_as_aws_describes_it() {
    let mut region = super::region();
    put(
        &mut region,
        PutParameterRequest { description: Some("why".to_owned()), ..secure("/s", "hunter2") },
    );
    let found = region.ok::<DescribeParameters>(Default::default()).parameters.unwrap();
    let expected = ParameterMetadata {
        name: Some("/s".to_owned()),
        arn: Some("arn:aws:ssm:eu-west-1:000000000000:parameter/s".to_owned()),
        r#type: Some("SecureString".to_owned()),
        key_id: Some("alias/aws/ssm".to_owned()),
        last_modified_date: Some(region.now),
        last_modified_user: Some("arn:aws:iam::000000000000:root".to_owned()),
        description: Some("why".to_owned()),
        version: Some(1),
        tier: Some("Standard".to_owned()),
        policies: Some(vec![]),
        data_type: Some("text".to_owned()),
        ..Default::default()
    };
    assert_eq!(found, [expected]);
}

#[test]
fn filters_admit_what_they_say() {
    let mut region = region();
    for (ask, expected) in [
        (
            DescribeParametersRequest::default(),
            &["/list", "/shop/db/password", "/shop/url", "flat"][..],
        ),
        (filter("Name", None, &["/shop/url", "/flat"]), &["/shop/url", "flat"]),
        (filter("Name", Some("BeginsWith"), &["/shop"]), &["/shop/db/password", "/shop/url"]),
        (filter("Name", Some("Contains"), &["l"]), &["/list", "/shop/url", "flat"]),
        (filter("Path", None, &["/shop"]), &["/shop/url"]),
        (filter("Path", Some("Recursive"), &["/shop"]), &["/shop/db/password", "/shop/url"]),
        (filter("Path", None, &["/"]), &["/list", "flat"]),
        (filter("Type", None, &["StringList", "SecureString"]), &["/list", "/shop/db/password"]),
        (filter("Tier", None, &["Advanced"]), &["flat"]),
        (filter("KeyId", None, &["alias/aws/ssm"]), &["/shop/db/password"]),
        (filter("DataType", None, &["text"]), &["/list", "/shop/db/password", "/shop/url", "flat"]),
        (filter("tag:team", None, &["web"]), &["/shop/url"]),
        (filter("tag:team", None, &[]), &["/shop/db/password", "/shop/url"]),
        (filter("tag:team", Some("BeginsWith"), &["o"]), &["/shop/db/password"]),
        (old("Name", "/shop"), &["/shop/db/password", "/shop/url"]),
        (old("Type", "StringList"), &["/list"]),
        (old("KeyId", "alias/aws/ssm"), &["/shop/db/password"]),
        (DescribeParametersRequest { shared: Some(true), ..Default::default() }, &[]),
    ] {
        let told = format!("{ask:?}");
        let found = region.ok::<DescribeParameters>(ask).parameters.unwrap();
        let names: Vec<_> = found.into_iter().flat_map(|found| found.name).collect();
        assert_eq!(names, expected, "{told}");
    }
}

#[test]
fn parameters_come_in_pages() {
    let mut region = region();
    let first = region.ok::<DescribeParameters>(DescribeParametersRequest {
        max_results: Some(3),
        ..Default::default()
    });
    let rest = DescribeParametersRequest { next_token: first.next_token, ..Default::default() };
    let rest = region.ok::<DescribeParameters>(rest).parameters.unwrap();
    assert_eq!(rest.into_iter().flat_map(|found| found.name).collect::<Vec<_>>(), ["flat"]);
}

#[test]
fn filters_that_aws_refuses_are_refused_in_its_words() {
    let mut region = region();
    let twice = {
        let mut ask = filter("Type", None, &["String"]);
        let filters = ask.parameter_filters.as_mut().unwrap();
        filters.push(filters[0].clone());
        ask
    };
    for (ask, expected) in [
        (
            filter("Label", None, &["x"]),
            "InvalidFilterKey: The following filter key is not valid: Label. Valid filter keys \
                include: [Path, Name, Type, KeyId, Tier].",
        ),
        (
            filter("Name", None, &[]),
            "InvalidFilterValue: The following filter values are missing : null for filter key \
                Name.",
        ),
        (
            twice,
            "InvalidFilterKey: The following filter is duplicated in the request: Type. A request \
                can contain only one occurrence of a specific filter.",
        ),
        (
            filter("Path", Some("Equals"), &["/x"]),
            "InvalidFilterOption: The following filter option is not valid: Equals. Valid options \
                include: [Recursive, OneLevel].",
        ),
        (
            filter("Type", Some("Contains"), &["String"]),
            "InvalidFilterOption: The following filter option is not valid: Contains. Valid \
                options include: [BeginsWith, Equals].",
        ),
        (
            filter("Tier", None, &["Best"]),
            "InvalidFilterOption: The following filter value is not valid: Best. Valid values \
                include: [Standard, Advanced, Intelligent-Tiering].",
        ),
        (
            filter("Type", None, &["Text"]),
            "InvalidFilterOption: The following filter value is not valid: Text. Valid values \
                include: [String, StringList, SecureString].",
        ),
    ] {
        assert_eq!(region.fault::<DescribeParameters>(ask), expected);
    }
}

#[test]
fn what_is_asked_for_twice_or_wrongly_is_refused() {
    let mut region = region();
    let both = DescribeParametersRequest {
        filters: old("Name", "x").filters,
        ..filter("Type", None, &["String"])
    };
    assert_eq!(
        region.fault::<DescribeParameters>(both),
        "ValidationException: You can use either Filters or ParameterFilters in a single request."
    );
    let token =
        DescribeParametersRequest { next_token: Some("x".to_owned()), ..Default::default() };
    assert_eq!(
        region.fault::<DescribeParameters>(token),
        "InvalidNextToken: The specified token isn't valid."
    );
    let path = region.fault::<DescribeParameters>(filter("Path", None, &["shop"]));
    assert!(
        path.starts_with(
            "ValidationException: The parameter doesn't meet the parameter name requirements."
        ),
        "{path}"
    );
}
