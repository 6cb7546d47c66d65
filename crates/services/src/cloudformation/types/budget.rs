//! `AWS::Budgets::Budget`.

use super::{Kind, Look, Removal, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish};
use api::budgets::*;
use serde_json::{Map, Value as Json, json};
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Budget;

const NAME: Naming = Naming { most: 100, lower: Case::Any };

impl Kind for Budget {
    fn name(&self) -> &'static str {
        "AWS::Budgets::Budget"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        // So is `BudgetName`, which stands within `Budget`: `update` says so.
        &["NotificationsWithSubscribers"]
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let given = named(wish);
        let name = match given {
            Some(name) => name.to_owned(),
            None => wish.name("BudgetName", NAME, hand),
        };
        let mut input = wish.without(&["Budget", "ResourceTags"]);
        input.insert("AccountId".to_owned(), account(hand));
        input.insert("Budget".to_owned(), budget(wish, &name));
        input.extend(tags(wish).map(|tags| ("ResourceTags".to_owned(), tags)));
        hand.call::<CreateBudget>(input)?;
        Ok(name)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        if named(wish).is_some_and(|name| name != held.physical) {
            let what = "Updates are not allowed for property - BudgetName.";
            return Err(Failure::handler("NotUpdatable", what));
        }
        let new = budget(wish, &held.physical);
        let input = members([("AccountId", account(hand)), ("NewBudget", new)]);
        hand.call::<UpdateBudget>(input)?;
        retag(hand, held, wish)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        let account = account(hand);
        let input = members([("AccountId", account), ("BudgetName", json!(held.physical))]);
        match hand.call::<DeleteBudget>(input) {
            Err(why) if why.is_missing() => Ok(Removal::Gone),
            outcome => outcome.map(|_| Removal::Gone),
        }
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("Id", json!(held.physical))]))
    }
}

/// The name that a template gives.
fn named<'w>(wish: &'w Wish<'_>) -> Option<&'w str> {
    wish.properties.get("Budget")?.get("BudgetName")?.as_str()
}

/// The budget as the operation takes it: amounts, which are numbers in templates, are texts there.
fn budget(wish: &Wish<'_>, name: &str) -> Json {
    let mut budget = wish.properties.get("Budget").cloned().unwrap_or_default();
    budget["BudgetName"] = json!(name);
    budget
}

fn account(hand: &Hand<'_>) -> Json {
    json!(hand.draft.place.account.to_string())
}

/// Its own tags and the stack's.
fn tags(wish: &Wish<'_>) -> Option<Json> {
    let mut tags = wish.stack.version.tags.clone();
    tags.extend(own(wish.properties.get("ResourceTags")));
    crate::cloudformation::wish::list(&tags)
}

fn own(tags: Option<&Json>) -> Vec<(String, String)> {
    let text = |tag: &Json, key: &str| tag[key].as_str().unwrap_or_default().to_owned();
    let all = tags.and_then(Json::as_array).into_iter().flatten();
    all.map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect()
}

/// Sets the tags that are new, and takes away those that are not in the template any more.
fn retag(hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
    let arn = format!("arn:aws:budgets::{}:budget/{}", hand.draft.place.account, held.physical);
    let arn: (&str, Json) = ("ResourceARN", json!(arn));
    let mut old = held.tags.clone();
    old.extend(own(held.properties.get("ResourceTags")));
    let mut new = wish.stack.version.tags.clone();
    new.extend(own(wish.properties.get("ResourceTags")));
    let gone: Vec<&String> = old.keys().filter(|key| !new.contains_key(*key)).collect();
    if !gone.is_empty() {
        let input: Map<String, Json> = members([arn.clone(), ("ResourceTagKeys", json!(gone))]);
        hand.call::<UntagResource>(input)?;
    }
    match tags(wish) {
        Some(tags) if new != old => {
            hand.call::<TagResource>(members([arn, ("ResourceTags", tags)])).map(drop)
        }
        _ => Ok(()),
    }
}
