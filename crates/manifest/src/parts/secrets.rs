//! References to secrets: where a value is, never the value.

use crate::cx::Cx;
use crate::kind::{Kind, Shape};
use crate::yaml::Node;
use crate::{Code, Diagnostic};
use model::Arn;
use serde_json::json;

/// Where a secret is kept. The value is read when a task starts and never appears here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretReference {
    /// A parameter of Parameter Store, in the environment's own region and account.
    Parameter {
        /// The name, with its leading slash when it has one.
        name: String,
    },
    /// A secret of Secrets Manager, in the environment's own region and account.
    Secret {
        /// The name, without the six characters that its ARN adds.
        name: String,
        /// Which part of it.
        part: SecretPart,
    },
    /// Either of them anywhere, by its whole ARN. A secret's ARN may go on with
    /// `:json-key:stage:version`, as ECS takes it (reference §2.4).
    Arn(Arn),
}

/// Which part of a secret is meant; all `None` means the whole text, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecretPart {
    /// A key of the JSON object that the secret holds.
    pub json_key: Option<String>,
    /// A version by its stage, such as `AWSPREVIOUS`.
    pub stage: Option<String>,
    /// A version by its id.
    pub version: Option<String>,
}

// === impl SecretReference ===

impl SecretReference {
    /// The parameter or secret that it is read from, whichever part of it: `ssm:/shop/url`,
    /// `secretsmanager:shop`. None for an ARN, which may be another account's.
    #[must_use]
    pub fn source(&self) -> Option<String> {
        match self {
            Self::Parameter { name } => Some(format!("ssm:{name}")),
            Self::Secret { name, .. } => Some(format!("secretsmanager:{name}")),
            Self::Arn(_) => None,
        }
    }
}

/// A reference to a secret.
pub(crate) fn secret_reference() -> impl Kind<Value = SecretReference> {
    SecretKind
}

const FORMS: &str =
    "`ssm:/path/name`, `secretsmanager:name`, `secretsmanager:name:json-key`, or an ARN of either";

struct SecretKind;

impl Kind for SecretKind {
    type Value = SecretReference;

    fn read(&self, node: &Node, cx: &mut Cx<'_>) -> Option<SecretReference> {
        let text = cx.text(node, "a reference to a secret")?.text;
        match parse(&text) {
            Ok(reference) => Some(reference),
            Err(why) => {
                // The text may be the secret itself: nothing shows it.
                let message = format!("{} is no reference to a secret: {why}", cx.name());
                let mistake = Diagnostic::new(Code::BadSecretReference, node.span, message)
                    .label("must say where the secret is, not what it is")
                    .hint(format!("write {FORMS}"));
                cx.report(mistake.concealed());
                None
            }
        }
    }

    fn shape(&self) -> Shape {
        let pattern = "^(ssm:.|secretsmanager:.|arn:aws[a-z-]*:(ssm|secretsmanager):)";
        let words = format!("a reference to a secret: {FORMS}");
        Shape::scalar(words, json!({"type": "string", "pattern": pattern}))
    }
}

// === parsing ===

pub(super) fn parse(text: &str) -> Result<SecretReference, String> {
    if let Some(name) = text.strip_prefix("ssm:") {
        return parameter(name).map(|name| SecretReference::Parameter { name });
    }
    if let Some(rest) = text.strip_prefix("secretsmanager:") {
        let (name, part) = rest.split_once(':').unwrap_or((rest, ""));
        let name = secret_name(name)?;
        return Ok(SecretReference::Secret { name, part: secret_part(part)? });
    }
    if text.starts_with("arn:") {
        return arn(text).map(SecretReference::Arn);
    }
    Err("it begins with none of `ssm:`, `secretsmanager:` and `arn:`".to_owned())
}

/// A parameter's name: at most 15 levels, and a slash in front as soon as there is one inside.
fn parameter(name: &str) -> Result<String, String> {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    let levels = name.trim_start_matches('/').split('/');
    if name.is_empty() || name.len() > 1011 || !name.chars().all(known) {
        return Err("a parameter's name has up to 1011 letters, digits and `_.-/`".to_owned());
    }
    if levels.clone().any(str::is_empty) {
        return Err("a level of the parameter's path is empty".to_owned());
    }
    if levels.clone().count() > 15 {
        return Err("a parameter's path has at most 15 levels".to_owned());
    }
    if name.contains('/') && !name.starts_with('/') {
        return Err("a parameter's path begins with `/`".to_owned());
    }
    let first = levels.map(str::to_ascii_lowercase).next().unwrap_or_default();
    if first.starts_with("aws") || first.starts_with("ssm") {
        return Err("parameters whose names begin with `aws` or `ssm` are AWS's own".to_owned());
    }
    Ok(name.to_owned())
}

fn secret_name(name: &str) -> Result<String, String> {
    let known = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    if name.is_empty() || name.len() > 512 || !name.chars().all(known) {
        return Err("a secret's name has up to 512 letters, digits and `/_+=.@-`".to_owned());
    }
    Ok(name.to_owned())
}

/// `json-key:stage:version`, each of which may be empty or left out (reference §2.4).
fn secret_part(text: &str) -> Result<SecretPart, String> {
    let mut parts = text.split(':').map(|part| (!part.is_empty()).then(|| part.to_owned()));
    let mut next = || parts.next().flatten();
    let part = SecretPart { json_key: next(), stage: next(), version: next() };
    if parts.next().is_some() {
        return Err("more than `json-key:stage:version` follows the secret's name".to_owned());
    }
    if part.stage.is_some() && part.version.is_some() {
        return Err("a version is named by its stage or by its id, not by both".to_owned());
    }
    Ok(part)
}

/// An ARN of a parameter or secret, with a region and an account that can exist: what stands in
/// templates as `REGION` or `ACCOUNT_ID` has been forgotten.
fn arn(text: &str) -> Result<Arn, String> {
    let arn: Arn = text.parse().map_err(|error| format!("{error}"))?;
    let digits = arn.account.len() == 12 && arn.account.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return Err("the ARN's account is not twelve digits".to_owned());
    }
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !arn.region.contains('-') || !arn.region.bytes().all(letter) {
        return Err("the ARN's region is none".to_owned());
    }
    match (arn.service.as_str(), arn.resource.split_once(':')) {
        ("ssm", _) => match arn.resource_after("parameter/") {
            Some(name) if !name.is_empty() => Ok(arn),
            _ => Err("the ARN names no parameter: `...:parameter/name`".to_owned()),
        },
        ("secretsmanager", Some(("secret", rest))) => {
            let (name, part) = rest.split_once(':').unwrap_or((rest, ""));
            secret_name(name)?;
            secret_part(part)?;
            Ok(arn)
        }
        ("secretsmanager", _) => Err("the ARN names no secret: `...:secret:name`".to_owned()),
        _ => Err("the ARN is neither a parameter's nor a secret's".to_owned()),
    }
}

#[cfg(test)]
mod tests;
