//! Clusters, from their creation to their deletion.

use super::*;
use world::cluster::ClusterStatus;
use world::service::ServiceStatus;

fn create(name: &str) -> CreateClusterRequest {
    CreateClusterRequest { cluster_name: some(name), ..CreateClusterRequest::default() }
}

fn describe(region: &mut Region, include: &[&str]) -> Cluster {
    let request = DescribeClustersRequest {
        clusters: Some(vec!["shop".to_owned()]),
        include: Some(include.iter().map(|word| (*word).to_owned()).collect()),
    };
    region.ok::<DescribeClusters>(request).clusters.unwrap().remove(0)
}

fn setting(value: &str) -> Vec<ClusterSetting> {
    vec![ClusterSetting { name: some("containerInsights"), value: some(value) }]
}

fn item(provider: &str, weight: i32, base: i32) -> CapacityProviderStrategyItem {
    CapacityProviderStrategyItem {
        capacity_provider: provider.to_owned(),
        weight: Some(weight),
        base: Some(base),
    }
}

fn put(
    providers: &[&str],
    strategy: Vec<CapacityProviderStrategyItem>,
) -> PutClusterCapacityProvidersRequest {
    PutClusterCapacityProvidersRequest {
        cluster: "shop".to_owned(),
        capacity_providers: providers.iter().map(|name| (*name).to_owned()).collect(),
        default_capacity_provider_strategy: strategy,
    }
}

#[test]
fn a_cluster_without_a_name_is_the_default_one() {
    let mut region = empty();
    let failures =
        region.ok::<DescribeClusters>(DescribeClustersRequest::default()).failures.unwrap();
    assert_eq!(failures[0].reason.as_deref(), Some("MISSING"));
    let arn = "arn:aws:ecs:eu-west-1:000000000000:cluster/default";
    assert_eq!(failures[0].arn.as_deref(), Some(arn));
    region.ok::<CreateCluster>(CreateClusterRequest::default());
    let shown = region.ok::<DescribeClusters>(DescribeClustersRequest::default()).clusters;
    assert_eq!(shown.unwrap()[0].cluster_arn.as_deref(), Some(arn));
    let refused = empty().fault::<ListTasks>(ListTasksRequest::default());
    assert_eq!(refused, "ClusterNotFoundException: Cluster not found.");
}

#[test]
fn creating_a_cluster_again_is_no_mistake_unless_more_is_asked_of_it() {
    let mut region = region();
    region.ok::<CreateCluster>(create("shop"));
    region.ok::<CreateCluster>(CreateClusterRequest {
        settings: Some(setting("disabled")),
        ..create("shop")
    });
    let other = CreateClusterRequest { settings: Some(setting("enabled")), ..create("shop") };
    assert_eq!(
        region.fault::<CreateCluster>(other),
        "InvalidParameterException: Arguments on this idempotent request are inconsistent with arguments used in previous request(s)."
    );
    assert_eq!(
        region.fault::<CreateCluster>(create("shop 2")),
        r"InvalidParameterException: ClusterName must match ^[a-zA-Z0-9\-_]{1,255}$"
    );
}

#[test]
fn parts_of_a_cluster_are_shown_when_asked_for() {
    let mut region = region();
    let bare = describe(&mut region, &[]);
    assert_eq!((bare.settings, bare.statistics), (Some(Vec::new()), Some(Vec::new())));
    assert_eq!((bare.configuration, bare.attachments), (None, None));
    region.ok::<UpdateCluster>(UpdateClusterRequest {
        cluster: "shop".to_owned(),
        configuration: Some(ClusterConfiguration::default()),
        settings: Some(setting("enhanced")),
        service_connect_defaults: None,
    });
    let full =
        describe(&mut region, &["SETTINGS", "STATISTICS", "CONFIGURATIONS", "ATTACHMENTS", "TAGS"]);
    assert_eq!(full.settings, Some(setting("enhanced")));
    assert_eq!(full.configuration, Some(ClusterConfiguration::default()));
    assert_eq!((full.attachments, full.tags), (Some(Vec::new()), Some(Vec::new())));
    assert_eq!(full.statistics.unwrap().len(), 8);
    let request = DescribeClustersRequest { clusters: None, include: Some(vec!["ALL".to_owned()]) };
    assert_eq!(
        region.fault::<DescribeClusters>(request),
        "InvalidParameterException: include should be one of [ATTACHMENTS,CONFIGURATIONS,SETTINGS,STATISTICS,TAGS]"
    );
}

#[test]
fn a_cluster_counts_its_tasks_and_services() {
    let mut region = region();
    region.ok::<CreateService>(api());
    region.ok::<RunTask>(RunTaskRequest { count: Some(2), ..run() });
    let mut running = region.world.tasks.iter().next().unwrap().clone();
    running.enter(world::Phase::Running, region.now);
    region.put(running);
    let shown = describe(&mut region, &["STATISTICS"]);
    assert_eq!((shown.running_tasks_count, shown.pending_tasks_count), (Some(1), Some(1)));
    assert_eq!(shown.active_services_count, Some(1));
    let statistics: BTreeMap<_, _> = shown
        .statistics
        .unwrap()
        .into_iter()
        .map(|pair| (pair.name.unwrap(), pair.value.unwrap()))
        .collect();
    assert_eq!(statistics["runningFargateTasksCount"], "1");
    assert_eq!(statistics["activeFargateServiceCount"], "1");
    assert_eq!(statistics["runningEC2TasksCount"], "0");
}

#[test]
fn a_cluster_is_deleted_when_nothing_is_in_it() {
    let delete = || DeleteClusterRequest { cluster: "shop".to_owned() };
    let mut region = region();
    region.ok::<CreateService>(api());
    assert_eq!(
        region.fault::<DeleteCluster>(delete()),
        "ClusterContainsServicesException: The Cluster cannot be deleted while Services are active."
    );
    let gone = world::Service {
        status: ServiceStatus::Inactive,
        ..region.world.services.get(&key()).unwrap().clone()
    };
    region.put(gone);
    region.ok::<RunTask>(run());
    assert_eq!(
        region.fault::<DeleteCluster>(delete()),
        "ClusterContainsTasksException: The Cluster cannot be deleted while Tasks are active."
    );
    let mut task = region.world.tasks.iter().next().unwrap().clone();
    task.enter(world::Phase::Stopped, region.now);
    region.put(task);
    for _ in 0..2 {
        let shown = region.ok::<DeleteCluster>(delete()).cluster.unwrap();
        assert_eq!(shown.status.as_deref(), Some("INACTIVE"));
    }
    assert_eq!(
        region.fault::<CreateService>(api()),
        "ClusterNotFoundException: The referenced cluster was inactive."
    );
    region.ok::<CreateCluster>(create("shop"));
    assert_eq!(region.world.clusters.get("shop").unwrap().status, ClusterStatus::Active);
}

#[test]
fn capacity_providers_are_fargate_s_and_associated_before_they_are_used() {
    let mut region = region();
    let (fargate, spot) = ("FARGATE", "FARGATE_SPOT");
    let shown = region
        .ok::<PutClusterCapacityProviders>(put(&[fargate, spot], vec![item(spot, 2, 1)]))
        .cluster
        .unwrap();
    assert_eq!(shown.default_capacity_provider_strategy, Some(vec![item(spot, 2, 1)]));
    for (request, expected) in [
        (
            put(&["mine"], Vec::new()),
            "InvalidParameterException: The specified capacity provider does not exist. Specify a valid name or ARN and try again.",
        ),
        (
            put(&[fargate], vec![item(spot, 1, 0)]),
            "InvalidParameterException: The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and try again.",
        ),
        (
            put(&[fargate, spot], vec![item(spot, 1, 1), item(fargate, 1, 1)]),
            "InvalidParameterException: The specified capacity provider strategy contains multiple capacity providers with a base value defined. Only one capacity provider per strategy can have a base value defined.",
        ),
        (
            put(&[spot], vec![item(spot, 1, 0), item(spot, 1, 0)]),
            "InvalidParameterException: A capacity provider may only be specified once in a strategy.",
        ),
        (
            put(&[spot], vec![item(spot, 1001, 0)]),
            "InvalidParameterException: weight should be between 0 and 1000",
        ),
    ] {
        assert_eq!(region.fault::<PutClusterCapacityProviders>(request), expected);
    }
    region.ok::<CreateService>(CreateServiceRequest { launch_type: None, ..api() });
    assert_eq!(
        region.fault::<PutClusterCapacityProviders>(put(&[fargate], Vec::new())),
        "ResourceInUseException: The specified capacity provider is in use and cannot be removed."
    );
}

#[test]
fn settings_of_a_cluster_have_known_names_and_values() {
    let mut region = region();
    let update = |name: &str, value: &str| UpdateClusterSettingsRequest {
        cluster: "shop".to_owned(),
        settings: vec![ClusterSetting { name: some(name), value: some(value) }],
    };
    let shown = region.ok::<UpdateClusterSettings>(update("containerInsights", "enabled"));
    assert_eq!(shown.cluster.unwrap().settings, Some(setting("enabled")));
    for (request, expected) in [
        (update("containerInsights", "on"), "Invalid setting 'value'"),
        (update("insights", "enabled"), "Invalid setting 'name'"),
    ] {
        let refused = region.fault::<UpdateClusterSettings>(request);
        assert_eq!(refused, format!("InvalidParameterException: {expected}"));
    }
}

#[test]
fn a_default_namespace_is_refused_and_an_empty_one_is_not() {
    let defaults = |namespace: &str| CreateClusterRequest {
        service_connect_defaults: Some(ClusterServiceConnectDefaultsRequest {
            namespace: namespace.to_owned(),
        }),
        ..create("a")
    };
    empty().ok::<CreateCluster>(defaults(""));
    assert_eq!(
        empty().fault::<CreateCluster>(defaults("shop")),
        "NamespaceNotFoundException: The local region does not implement 'serviceConnectDefaults': it has no Cloud Map, hence no namespaces."
    );
}
