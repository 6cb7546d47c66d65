use super::*;
use api::ssm::{
    GetParametersByPath, GetParametersByPathRequest, LabelParameterVersion,
    LabelParameterVersionRequest, ParameterStringFilter,
};

fn region() -> Region {
    let mut region = super::region();
    for name in ["/shop/url", "/shop/db/host", "/shop/db/port", "/shopping/list", "flat"] {
        put(&mut region, new(name, name));
    }
    put(&mut region, secure("/shop/password", "hunter2"));
    region
}

fn below(path: &str) -> GetParametersByPathRequest {
    GetParametersByPathRequest { path: path.to_owned(), ..Default::default() }
}

fn filter(key: &str, values: &[&str]) -> Option<Vec<ParameterStringFilter>> {
    let values = Some(values.iter().map(|value| (*value).to_owned()).collect());
    Some(vec![ParameterStringFilter { key: key.to_owned(), option: None, values }])
}

fn names(region: &mut Region, ask: GetParametersByPathRequest) -> Vec<String> {
    let found = region.ok::<GetParametersByPath>(ask).parameters.unwrap();
    found.into_iter().flat_map(|parameter| parameter.name).collect()
}

#[test]
fn a_path_has_its_own_level_or_all_below() {
    let mut region = region();
    let recursive = |path| GetParametersByPathRequest { recursive: Some(true), ..below(path) };
    for (ask, expected) in [
        (below("/shop"), &["/shop/password", "/shop/url"][..]),
        (below("/shop/"), &["/shop/password", "/shop/url"]),
        (recursive("/shop"), &["/shop/db/host", "/shop/db/port", "/shop/password", "/shop/url"]),
        (below("/shop/url"), &[]),
        (below("/nothing"), &[]),
        (
            recursive("/"),
            &["/shop/db/host", "/shop/db/port", "/shop/password", "/shop/url", "/shopping/list"],
        ),
        (
            GetParametersByPathRequest {
                parameter_filters: filter("Type", &["SecureString"]),
                ..recursive("/")
            },
            &["/shop/password"],
        ),
        (
            GetParametersByPathRequest {
                parameter_filters: filter("KeyId", &["alias/aws/ssm"]),
                ..recursive("/")
            },
            &["/shop/password"],
        ),
    ] {
        let told = format!("{ask:?}");
        assert_eq!(names(&mut region, ask), expected, "{told}");
    }
}

#[test]
fn a_path_comes_in_pages_of_ten() {
    let mut region = super::region();
    for number in 10..33 {
        put(&mut region, new(&format!("/p/{number}"), "x"));
    }
    let (mut seen, mut counts, mut ask) = (Vec::new(), Vec::new(), below("/p"));
    loop {
        let answer = region.ok::<GetParametersByPath>(ask.clone());
        let page = answer.parameters.unwrap();
        counts.push(page.len());
        seen.extend(page.into_iter().flat_map(|parameter| parameter.name));
        ask.next_token = answer.next_token;
        if ask.next_token.is_none() {
            break;
        }
    }
    assert_eq!(counts, [10, 10, 3]);
    assert_eq!(seen, (10..33).map(|number| format!("/p/{number}")).collect::<Vec<_>>());
}

#[test]
fn values_are_sealed_unless_decryption_is_asked_for() {
    let mut region = region();
    let read = |region: &mut Region, with_decryption| {
        let ask = GetParametersByPathRequest { with_decryption, ..below("/shop") };
        let found = region.ok::<GetParametersByPath>(ask).parameters.unwrap().remove(0);
        found.value.unwrap().reveal().to_owned()
    };
    assert_eq!(read(&mut region, Some(true)), "hunter2");
    assert!(!read(&mut region, None).contains("hunter2"));
}

#[test]
fn a_label_finds_the_version_that_has_it() {
    let mut region = region();
    let label = LabelParameterVersionRequest {
        name: "/shop/url".to_owned(),
        parameter_version: None,
        labels: vec!["live".to_owned()],
    };
    region.ok::<LabelParameterVersion>(label);
    put(&mut region, overwrite("/shop/url", "newer"));
    let ask = GetParametersByPathRequest {
        parameter_filters: filter("Label", &["live"]),
        ..below("/shop")
    };
    let found = region.ok::<GetParametersByPath>(ask).parameters.unwrap();
    assert_eq!(found.iter().map(|found| found.version).collect::<Vec<_>>(), [Some(1)]);
}

#[test]
fn what_aws_refuses_is_refused_in_its_words() {
    let mut region = region();
    let requirements = "ValidationException: The parameter doesn't meet the parameter name \
        requirements. The parameter name must begin with a forward slash \"/\".";
    for path in ["shop", "/shop//db", "/sh op"] {
        let fault = region.fault::<GetParametersByPath>(below(path));
        assert!(fault.starts_with(requirements), "{path}: {fault}");
    }
    for (ask, expected) in [
        (
            below("/aws/service/ecs"),
            "ValidationException: The local region has no public parameters (/aws/service/…).",
        ),
        (
            GetParametersByPathRequest {
                parameter_filters: filter("Name", &["x"]),
                ..below("/shop")
            },
            "InvalidFilterKey: The following filter key is not valid: Name. Valid filter keys \
                include: [Type, KeyId].",
        ),
        (
            GetParametersByPathRequest { next_token: Some("x".to_owned()), ..below("/shop") },
            "InvalidNextToken: The specified token isn't valid.",
        ),
    ] {
        assert_eq!(region.fault::<GetParametersByPath>(ask), expected);
    }
}
