use super::table;
use crate::testing::{Region, assert_complete};
use api::servicequotas::*;

const PROCESSORS: &str = "L-3032A538";

fn ask(service: &str, code: &str) -> GetServiceQuotaRequest {
    GetServiceQuotaRequest {
        service_code: service.to_owned(),
        quota_code: code.to_owned(),
        context_id: None,
    }
}

#[test]
fn every_operation_has_a_handler() {
    assert_complete(api::Service::ServiceQuotas, &table());
}

#[test]
fn what_applies_is_the_default_and_says_whose_it_is() {
    let mut region = Region::of(table());
    let applied = region.ok::<GetServiceQuota>(ask("fargate", PROCESSORS)).quota.unwrap();
    assert_eq!(applied.value, Some(6.0));
    let arn = "arn:aws:servicequotas:eu-west-1:000000000000:fargate/L-3032A538";
    assert_eq!(applied.quota_arn.as_deref(), Some(arn));
    let input = GetAWSDefaultServiceQuotaRequest {
        service_code: "fargate".to_owned(),
        quota_code: PROCESSORS.to_owned(),
    };
    let usual = region.ok::<GetAWSDefaultServiceQuota>(input).quota.unwrap();
    let arn = "arn:aws:servicequotas:eu-west-1::fargate/L-3032A538";
    assert_eq!((usual.quota_arn.as_deref(), usual.value), (Some(arn), Some(6.0)));
}

#[test]
fn what_is_not_there_is_refused() {
    let mut region = Region::of(table());
    for (service, code) in [("fargate", "L-00000000"), ("lambda", PROCESSORS)] {
        let fault = region.fault::<GetServiceQuota>(ask(service, code));
        assert!(fault.starts_with("NoSuchResourceException: "), "{fault}");
    }
    let one = GetServiceQuotaRequest { context_id: Some("x".to_owned()), ..ask("vpc", PROCESSORS) };
    assert!(region.fault::<GetServiceQuota>(one).contains("not implemented"));
}

#[test]
fn services_and_their_quotas_come_in_pages() {
    let mut region = Region::of(table());
    let services = region.ok::<ListServices>(ListServicesRequest::default()).services.unwrap();
    let codes: Vec<_> = services.into_iter().filter_map(|it| it.service_code).collect();
    assert_eq!(codes, ["ecs", "elasticloadbalancing", "fargate", "vpc"]);
    let input = ListServiceQuotasRequest {
        service_code: "vpc".to_owned(),
        max_results: Some(2),
        ..Default::default()
    };
    let first = region.ok::<ListServiceQuotas>(input.clone());
    assert_eq!(first.quotas.map(|all| all.len()), Some(2));
    let rest = ListServiceQuotasRequest { next_token: first.next_token, ..input };
    assert_eq!(region.ok::<ListServiceQuotas>(rest).quotas.map(|all| all.len()), Some(1));
    let one = ListServiceQuotasRequest {
        service_code: "fargate".to_owned(),
        quota_code: Some(PROCESSORS.to_owned()),
        ..Default::default()
    };
    assert_eq!(region.ok::<ListServiceQuotas>(one).quotas.map(|all| all.len()), Some(1));
    let input =
        ListAWSDefaultServiceQuotasRequest { service_code: "ecs".to_owned(), ..Default::default() };
    let usual = region.ok::<ListAWSDefaultServiceQuotas>(input).quotas.unwrap();
    assert_eq!(usual.len(), 3);
}
