use super::*;
use model::{Ids, Pace};
use testkit::build;
use world::registry::archive::{Standing, StorageClass};
use world::registry::lifecycle::{About, Fate, Lifecycle, Limit, Rule};
use world::registry::{Encryption, Mutability};
use world::{
    ClientToken, Cluster, Draft, Image, ImageKey, Layer, LayerKey, Repository, Row, TaskDefinition,
};

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

/// A repository whose policy keeps one image, put at 0.
fn shop() -> Repository {
    let rule = Rule {
        priority: 1,
        class: StorageClass::Standard,
        about: About::Any,
        limit: Limit::MoreThan(1),
        fate: Fate::Expire,
    };
    let lifecycle =
        Lifecycle { text: String::new(), rules: vec![rule], looked_at: at(0), applied_at: None };
    Repository {
        name: "shop".into(),
        created_at: at(0),
        mutability: Mutability::mutable(),
        scan_on_push: false,
        encryption: Encryption { kind: "AES256".to_owned(), key: None },
        policy: None,
        lifecycle: Some(lifecycle),
        preview: None,
        tags: world::Tags::new(),
    }
}

fn image(digest: &str, layer: &str, pushed: i64) -> Image {
    Image {
        key: ImageKey { repository: "shop".into(), digest: digest.into() },
        media_type: String::new(),
        artifact_type: None,
        manifest: String::new(),
        layers: vec![layer.into()],
        size: 0,
        children: Vec::new(),
        subject: None,
        tags: std::collections::BTreeSet::new(),
        pushed_at: at(pushed),
        pulled_at: None,
        scanned_at: None,
        archival: None,
    }
}

fn layer(digest: &str) -> Layer {
    let key = LayerKey { repository: "shop".into(), digest: digest.into() };
    Layer { key, size: 1, arrived_at: at(0) }
}

#[test]
fn a_lifecycle_policy_is_applied_a_day_after_it_was_put() {
    let mut draft = Draft::of(&build::world());
    draft.put(shop());
    draft.put(image("old", "a", 0));
    draft.put(image("new", "a", 1));
    let early = decide_at(&draft, 86_399, 1.0);
    assert!(early.gone.is_empty());
    assert_eq!(early.wake_at, Some(at(86_400)));
    let due = decide_at(&draft, 86_400, 1.0);
    assert_eq!(due.gone, [RowKey::Image(image("old", "a", 0).key)]);
    assert_eq!(due.wake_at, Some(at(2 * 86_400)));
    assert_eq!(due.rows.len(), 1, "when it was applied is kept");
}

#[test]
fn an_image_goes_to_the_archive_where_the_policy_says_so() {
    let mut draft = Draft::of(&build::world());
    let mut shop = shop();
    shop.lifecycle.as_mut().unwrap().rules[0].fate = Fate::Archive;
    draft.put(shop);
    draft.put(image("old", "a", 0));
    draft.put(image("new", "a", 1));
    let due = decide_at(&draft, 86_400, 1.0);
    assert!(due.gone.is_empty());
    let images = due.rows.iter().filter_map(|row| match row {
        Row::Image(image) => Some(image),
        _ => None,
    });
    let [old] = &images.collect::<Vec<_>>()[..] else { panic!("one image changes") };
    assert_eq!(old.key.digest.as_str(), "old");
    assert_eq!(old.standing(at(86_400)), Standing::Archived);
}

#[test]
fn a_layer_without_an_image_goes_after_an_hour_at_any_speed() {
    let mut draft = Draft::of(&build::world());
    draft.put(image("image", "used", 0));
    draft.put(layer("used"));
    draft.put(layer("unused"));
    assert!(decide_at(&draft, 3599, 100.0).gone.is_empty());
    assert_eq!(decide_at(&draft, 3600, 1.0).gone, [RowKey::Layer(layer("unused").key)]);
}
