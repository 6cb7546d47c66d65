//! `AWS::SecretsManager::Secret`.

use super::{Kind, Look, Removal, changed, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish, list};
use api::secretsmanager::*;
use serde_json::{Map, Value as Json, json};
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Secret;

const NAME: Naming = Naming { most: 512, lower: Case::Any };

impl Kind for Secret {
    fn name(&self) -> &'static str {
        "AWS::SecretsManager::Secret"
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["Name"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("Name")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("Name", NAME, hand);
        let mut input = wish.without(&["GenerateSecretString"]);
        input.insert("Name".to_owned(), json!(name));
        if let Some(Json::Object(rules)) = wish.properties.get("GenerateSecretString") {
            input.insert("SecretString".to_owned(), json!(generate(hand, rules)?));
        }
        input.extend(wish.tag_list().map(|tags| ("Tags".to_owned(), tags)));
        let made = hand.call::<CreateSecret>(input)?;
        Ok(made.arn.unwrap_or_default())
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let id = ("SecretId", json!(held.physical));
        if changed(held, wish, &["Description", "KmsKeyId", "SecretString"]) {
            let mut input = wish.only(&["Description", "KmsKeyId", "SecretString"]);
            input.extend(members([id.clone()]));
            hand.call::<UpdateSecret>(input)?;
        }
        // A change of the rules makes a new value, as AWS documents.
        if changed(held, wish, &["GenerateSecretString"])
            && let Some(Json::Object(rules)) = wish.properties.get("GenerateSecretString")
        {
            let value = ("SecretString", json!(generate(hand, rules)?));
            hand.call::<UpdateSecret>(members([id.clone(), value]))?;
        }
        let changes = wish.tag_changes(held);
        if !changes.gone.is_empty() {
            let gone = json!(changes.gone);
            hand.call::<UntagResource>(members([id.clone(), ("TagKeys", gone)]))?;
        }
        if let Some(tags) = list(&changes.set) {
            hand.call::<TagResource>(members([id, ("Tags", tags)]))?;
        }
        Ok(())
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        // CloudFormation leaves no time to recover it: the next stack may want its name.
        let force = ("ForceDeleteWithoutRecovery", json!(true));
        hand.call::<DeleteSecret>(members([("SecretId", json!(held.physical)), force]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, held: &Standing) -> Result<Look, Failure> {
        Ok(stable([("Id", json!(held.physical))]))
    }
}

/// A new password, in the JSON that a template may give for it.
fn generate(hand: &mut Hand<'_>, rules: &Map<String, Json>) -> Result<String, Failure> {
    let mut input = rules.clone();
    let around = input.remove("SecretStringTemplate");
    let key = input.remove("GenerateStringKey");
    let made = hand.call::<GetRandomPassword>(input)?.random_password;
    let password = made.map(|held| held.reveal().to_owned()).unwrap_or_default();
    let (Some(around), Some(key)) = (around, key) else { return Ok(password) };
    let key = key.as_str().unwrap_or_default().to_owned();
    let held = serde_json::from_str(around.as_str().unwrap_or_default());
    let mut held: Map<String, Json> = held.map_err(|_| {
        Failure::handler("InvalidRequest", "SecretStringTemplate is not a JSON object")
    })?;
    held.insert(key, json!(password));
    Ok(Json::Object(held).to_string())
}
