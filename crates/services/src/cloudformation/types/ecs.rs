//! `AWS::ECS::Cluster`, and the tags of everything that is ECS's.

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish, list};
use api::ecs::*;
use serde_json::json;
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Cluster;

const NAME: Naming = Naming { most: 255, lower: Case::Any };
/// What `UpdateCluster` changes.
const SETTINGS: [&str; 3] = ["ClusterSettings", "Configuration", "ServiceConnectDefaults"];
/// What `PutClusterCapacityProviders` changes.
const PROVIDERS: [&str; 2] = ["CapacityProviders", "DefaultCapacityProviderStrategy"];

impl Kind for Cluster {
    fn name(&self) -> &'static str {
        "AWS::ECS::Cluster"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["ClusterName"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("ClusterName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("ClusterName", NAME, hand);
        // A cluster that is there would be answered by CreateCluster as if it had been made.
        if look(hand, &name)?.is_some() {
            let message = format!("{name} already exists");
            return Err(Failure::handler("AlreadyExists", message));
        }
        let mut input = wish.without(&["ClusterSettings"]);
        let settings = wish.properties.get("ClusterSettings");
        input.extend(settings.map(|held| ("settings".to_owned(), held.clone())));
        input.insert("ClusterName".to_owned(), json!(name));
        input.extend(wish.tag_list().map(|tags| ("tags".to_owned(), tags)));
        hand.call::<CreateCluster>(input)?;
        Ok(name)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        if changed(held, wish, &SETTINGS) {
            let mut input = wish.only(&SETTINGS);
            let settings = input.remove("ClusterSettings").unwrap_or_else(|| json!([]));
            input.extend(members([("cluster", json!(held.physical)), ("settings", settings)]));
            hand.call::<UpdateCluster>(input)?;
        }
        if changed(held, wish, &PROVIDERS) {
            let mut input = members([
                ("cluster", json!(held.physical)),
                ("capacityProviders", json!([])),
                ("defaultCapacityProviderStrategy", json!([])),
            ]);
            for (name, member) in
                PROVIDERS.iter().zip(["capacityProviders", "defaultCapacityProviderStrategy"])
            {
                let given = wish.properties.get(*name);
                input.extend(given.map(|held| (member.to_owned(), held.clone())));
            }
            hand.call::<PutClusterCapacityProviders>(input)?;
        }
        let arn = held.attributes.text("Arn").unwrap_or_default();
        retag(hand, arn, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteCluster>(members([("cluster", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let found = look(hand, &held.physical)?;
        Ok(stable([("Arn", json!(found.and_then(|it| it.cluster_arn)))]))
    }
}

/// The cluster of this name, if it is active.
fn look(hand: &mut Hand<'_>, name: &str) -> Result<Option<api::ecs::Cluster>, Failure> {
    let found = hand.call::<DescribeClusters>(members([("clusters", json!([name]))]))?;
    let mut found = found.clusters.unwrap_or_default().into_iter();
    Ok(found.find(|cluster| cluster.status.as_deref() == Some("ACTIVE")))
}

/// Changes the tags of something of ECS's.
pub(super) fn retag(
    hand: &mut Hand<'_>,
    arn: &str,
    held: &Standing,
    wish: &Wish<'_>,
) -> Result<(), Failure> {
    let changes = wish.tag_changes(held);
    if !changes.gone.is_empty() {
        let gone = json!(changes.gone);
        hand.call::<UntagResource>(members([("resourceArn", json!(arn)), ("tagKeys", gone)]))?;
    }
    if let Some(tags) = list(&changes.set) {
        hand.call::<TagResource>(members([("resourceArn", json!(arn)), ("tags", tags)]))?;
    }
    Ok(())
}
