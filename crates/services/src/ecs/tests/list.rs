//! Listings: their filters, their order, their pages.

use super::*;
use std::fmt::Debug;

/// What the pages of a listing hold together, two at a time.
fn pages<T: Debug>(mut next: impl FnMut(Option<String>) -> (Vec<T>, Option<String>)) -> Vec<T> {
    let (mut all, mut token) = (Vec::new(), None);
    loop {
        let (page, following) = next(token);
        assert!(page.len() <= 2, "{page:?}");
        all.extend(page);
        match following {
            None => return all,
            following => token = following,
        }
    }
}

fn names(arns: &[String]) -> Vec<&str> {
    arns.iter().map(|arn| arn.rsplit('/').next().unwrap()).collect()
}

fn register(region: &mut Region, family: &str) {
    let request = RegisterTaskDefinitionRequest { family: family.to_owned(), ..web() };
    region.ok::<RegisterTaskDefinition>(request);
}

fn deregister(region: &mut Region, reference: &str) {
    let request = DeregisterTaskDefinitionRequest { task_definition: reference.to_owned() };
    region.ok::<DeregisterTaskDefinition>(request);
}

#[test]
fn clusters_are_listed_by_name_without_the_deleted_ones() {
    let mut region = empty();
    for name in ["b", "a", "d", "c", "e"] {
        region.ok::<CreateCluster>(CreateClusterRequest {
            cluster_name: some(name),
            ..CreateClusterRequest::default()
        });
    }
    region.ok::<DeleteCluster>(DeleteClusterRequest { cluster: "d".to_owned() });
    let all = pages(|next_token| {
        let page =
            region.ok::<ListClusters>(ListClustersRequest { next_token, max_results: Some(2) });
        (page.cluster_arns.unwrap(), page.next_token)
    });
    assert_eq!(names(&all), ["a", "b", "c", "e"]);
}

#[test]
fn revisions_are_listed_by_family_and_number_in_both_directions() {
    let mut region = empty();
    for family in ["web", "api", "web", "web"] {
        register(&mut region, family);
    }
    // Ten revisions, so that order by number is not order by text.
    (0..8).for_each(|_| register(&mut region, "web"));
    deregister(&mut region, "web:2");
    let mut list = |sort: Option<&str>, family: Option<&str>, status: Option<&str>| {
        let all = pages(|next_token| {
            let page = region.ok::<ListTaskDefinitions>(ListTaskDefinitionsRequest {
                family_prefix: family.map(str::to_owned),
                status: status.map(str::to_owned),
                sort: sort.map(str::to_owned),
                next_token,
                max_results: Some(2),
            });
            (page.task_definition_arns.unwrap(), page.next_token)
        });
        names(&all).join(" ")
    };
    let rising = "api:1 web:1 web:3 web:4 web:5 web:6 web:7 web:8 web:9 web:10 web:11";
    assert_eq!(list(None, None, None), rising);
    let falling: Vec<_> = rising.split(' ').rev().collect();
    assert_eq!(list(Some("DESC"), None, None), falling.join(" "));
    assert_eq!(list(None, Some("we"), None), "");
    assert_eq!(list(None, Some("api"), None), "api:1");
    assert_eq!(list(None, None, Some("INACTIVE")), "web:2");
}

#[test]
fn families_are_listed_by_prefix_and_by_whether_they_have_an_active_revision() {
    let mut region = empty();
    for family in ["web", "web-old", "api"] {
        register(&mut region, family);
    }
    deregister(&mut region, "web-old:1");
    let mut list = |prefix: Option<&str>, status: Option<&str>| {
        pages(|next_token| {
            let page = region.ok::<ListTaskDefinitionFamilies>(ListTaskDefinitionFamiliesRequest {
                family_prefix: prefix.map(str::to_owned),
                status: status.map(str::to_owned),
                next_token,
                max_results: Some(2),
            });
            (page.families.unwrap(), page.next_token)
        })
        .join(" ")
    };
    assert_eq!(list(None, None), "api web web-old");
    assert_eq!(list(None, Some("ACTIVE")), "api web");
    assert_eq!(list(None, Some("INACTIVE")), "web-old");
    assert_eq!(list(Some("we"), None), "web web-old");
}

#[test]
fn services_are_listed_ten_at_a_time_while_they_are_active() {
    let mut region = region();
    for n in 0..12 {
        region.ok::<CreateService>(CreateServiceRequest {
            service_name: format!("s{n:02}"),
            desired_count: Some(0),
            ..api()
        });
    }
    region.ok::<DeleteService>(DeleteServiceRequest {
        cluster: some("shop"),
        service: "s00".to_owned(),
        force: None,
    });
    let list = || ListServicesRequest { cluster: some("shop"), ..ListServicesRequest::default() };
    let first = region.ok::<ListServices>(list());
    assert_eq!(names(&first.service_arns.unwrap())[0], "s01");
    let rest = ListServicesRequest { next_token: first.next_token, ..list() };
    assert_eq!(names(&region.ok::<ListServices>(rest).service_arns.unwrap()), ["s11"]);
    let mut count = |request: ListServicesRequest| {
        let request = ListServicesRequest { max_results: Some(100), ..request };
        region.ok::<ListServices>(request).service_arns.unwrap().len()
    };
    for (request, expected) in [
        (ListServicesRequest { launch_type: some("FARGATE"), ..list() }, 11),
        (ListServicesRequest { launch_type: some("EC2"), ..list() }, 0),
        (ListServicesRequest { scheduling_strategy: some("REPLICA"), ..list() }, 11),
        (ListServicesRequest { scheduling_strategy: some("DAEMON"), ..list() }, 0),
        (ListServicesRequest { resource_management_type: some("ECS"), ..list() }, 0),
    ] {
        assert_eq!(count(request.clone()), expected, "{request:?}");
    }
}

#[test]
fn a_token_of_another_listing_is_refused() {
    let mut region = region();
    let request = ListClustersRequest { next_token: some("abc"), max_results: None };
    assert_eq!(region.fault::<ListClusters>(request), "InvalidParameterException: Invalid token.");
}
