use super::*;
use model::{Ids, Pace};
use testkit::build;
use world::{ClientToken, Cluster, Draft, TaskDefinition};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn decide_at(world: &World, seconds: i64, speed: f64) -> Decision {
    decide(world, Moment { now: at(seconds), pace: Pace::new(speed).unwrap() })
}

#[test]
fn deleted_clusters_are_shown_for_an_hour_of_the_region() {
    let mut draft = Draft::of(&build::world());
    draft.put(Cluster { deleted_at: Some(at(0)), ..build::cluster("old") });
    let world = draft.commit().world;
    assert_eq!(decide_at(&world, 3599, 1.0).wake_at, Some(at(3600)));
    assert_eq!(decide_at(&world, 3600, 1.0).gone, [RowKey::Cluster("old".into())]);
    assert_eq!(decide_at(&world, 180, 20.0).gone, [RowKey::Cluster("old".into())]);
}

#[test]
fn tokens_are_remembered_for_a_day() {
    let token = ClientToken {
        token: "shop/1".to_owned(),
        request: String::new(),
        tasks: Vec::new(),
        at: at(0),
    };
    let mut draft = Draft::of(&build::world());
    draft.put(token);
    let world = draft.commit().world;
    assert!(decide_at(&world, 86_399, 1.0).gone.is_empty());
    assert_eq!(decide_at(&world, 86_400, 1.0).gone, [RowKey::ClientToken("shop/1".to_owned())]);
}

#[test]
fn a_definition_goes_when_nothing_uses_it() {
    let doomed =
        TaskDefinition { status: DefinitionStatus::DeleteInProgress, ..build::definition("web:1") };
    let mut draft = Draft::of(&build::world());
    draft.put(doomed);
    draft.put(build::definition("web:2"));
    let unused = decide_at(&draft, 0, 1.0);
    assert_eq!(unused.gone, [RowKey::TaskDefinition(build::key("web:1"))]);

    let service = build::service("web", "web:1");
    let mut service = draft.deploy(service, &mut Ids::seeded(1), at(0));
    let used = decide_at(&draft, 0, 1.0);
    assert!(used.gone.is_empty());
    assert_eq!(used.wake_at, Some(at(60)), "it is looked at again");

    service.status = ServiceStatus::Inactive;
    draft.put(service);
    assert_eq!(decide_at(&draft, 0, 1.0).gone.len(), 1);
}
