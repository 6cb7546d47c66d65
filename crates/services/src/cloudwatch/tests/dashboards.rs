//! Dashboards.

use super::region;
use crate::testing::Region;
use api::cloudwatch::*;

const BODY: &str = r#"{"widgets":[{"type":"text","x":0,"y":0,"width":6,"height":3,"properties":{"markdown":"hello"}}]}"#;

fn given(name: &str, body: &str) -> PutDashboardInput {
    PutDashboardInput {
        dashboard_name: name.to_owned(),
        dashboard_body: body.to_owned(),
        tags: None,
    }
}

fn named(region: &mut Region, prefix: &str) -> Vec<DashboardEntry> {
    let dashboard_name_prefix = Some(prefix.to_owned());
    let input = ListDashboardsInput { dashboard_name_prefix, next_token: None };
    region.ok::<ListDashboards>(input).dashboard_entries.unwrap()
}

#[test]
fn a_dashboard_is_answered_as_it_was_given() {
    let mut region = region();
    region.ok::<PutDashboard>(given("shop-prod", BODY));
    region.ok::<PutDashboard>(given("shop-test", r#"{"widgets":[]}"#));
    let get = || GetDashboardInput { dashboard_name: "shop-prod".to_owned() };
    let found = region.ok::<GetDashboard>(get());
    assert_eq!(found.dashboard_body.as_deref(), Some(BODY));
    let arn = "arn:aws:cloudwatch::000000000000:dashboard/shop-prod";
    assert_eq!(found.dashboard_arn.as_deref(), Some(arn));
    assert_eq!(named(&mut region, "shop-").len(), 2);
    assert_eq!(named(&mut region, "shop-p")[0].size, Some(BODY.len() as i64));
    let names = |names: &[&str]| DeleteDashboardsInput {
        dashboard_names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    let fault = region.fault::<DeleteDashboards>(names(&["shop-prod", "none"]));
    assert_eq!(fault, "ResourceNotFound: Dashboard none does not exist");
    assert_eq!(named(&mut region, "").len(), 2);
    region.ok::<DeleteDashboards>(names(&["shop-prod"]));
    let fault = region.fault::<GetDashboard>(get());
    assert_eq!(fault, "ResourceNotFound: Dashboard shop-prod does not exist");
}

#[test]
fn a_body_that_aws_would_not_take_is_refused() {
    let mut region = region();
    let widget = |widget: &str| format!(r#"{{"widgets":[{widget}]}}"#);
    for (body, expected) in [
        ("[]".to_owned(), "must be a valid JSON object"),
        ("{".to_owned(), "must be a valid JSON object"),
        ("{}".to_owned(), "Should have required property 'widgets'"),
        (widget(r#"{"type":"text"}"#), "Should have required property 'properties'"),
        (widget(r#"{"type":"pie","properties":{}}"#), "Unsupported widget type 'pie'"),
        (widget(r#"{"type":"text","properties":{},"width":25}"#), "Property 'width' should be"),
        (widget(r#"{"type":"text","properties":[]}"#), "Property 'properties' should be object"),
    ] {
        let fault = region.fault::<PutDashboard>(given("shop", &body));
        assert!(fault.starts_with("InvalidParameterInput: "), "{fault}");
        assert!(fault.contains(expected), "{fault}");
    }
    let fault = region.fault::<PutDashboard>(given("shop prod", BODY));
    assert!(fault.contains("contains invalid characters"), "{fault}");
}
