//! `AWS::SSM::Parameter`.

use super::{Kind, Look, Removal, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish, list};
use api::ssm::*;
use serde_json::json;
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Parameter;

const NAME: Naming = Naming { most: 512, lower: Case::Any };

impl Kind for Parameter {
    fn name(&self) -> &'static str {
        "AWS::SSM::Parameter"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Type", "Value"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["Name"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        secure(wish)?;
        let name = wish.name("Name", NAME, hand);
        let mut input = wish.without(&[]);
        input.insert("Name".to_owned(), json!(name));
        input.extend(wish.tag_list().map(|tags| ("Tags".to_owned(), tags)));
        hand.call::<PutParameter>(input)?;
        Ok(name)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        secure(wish)?;
        let mut input = wish.without(&[]);
        input.extend(members([("Name", json!(held.physical)), ("Overwrite", json!(true))]));
        hand.call::<PutParameter>(input)?;
        let changes = wish.tag_changes(held);
        let of = [("ResourceType", json!("Parameter")), ("ResourceId", json!(held.physical))];
        if !changes.gone.is_empty() {
            let mut input = members(of.clone());
            input.insert("TagKeys".to_owned(), json!(changes.gone));
            hand.call::<RemoveTagsFromResource>(input)?;
        }
        if let Some(tags) = list(&changes.set) {
            let mut input = members(of);
            input.insert("Tags".to_owned(), tags);
            hand.call::<AddTagsToResource>(input)?;
        }
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteParameter>(members([("Name", json!(held.physical))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        let given = |name: &str| held.properties.get(name).cloned().unwrap_or_default();
        Ok(stable([("Type", given("Type")), ("Value", given("Value"))]))
    }
}

/// A template would show the value, so CloudFormation makes no secure ones.
fn secure(wish: &Wish<'_>) -> Result<(), Failure> {
    match wish.properties.text("Type") {
        Some("SecureString") => {
            let what = "#/Type: #: only 1 subschema matches out of 2\n#/Type: SecureString is not a valid enum value";
            Err(Failure::properties(wish.logical, what))
        }
        _ => Ok(()),
    }
}
