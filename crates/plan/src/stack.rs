//! What a change set would change in an environment's stack, and what of it takes a yes of its own.

use crate::foundation::foundation;
use crate::{Stand, digest, needs_stack};
use manifest::Resolved;
use std::fmt;

/// What becomes of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is done, as AWS calls it: `Add`, `Modify`, `Remove`.
    pub action: String,
    /// Its type.
    pub kind: String,
    /// Its name in the template.
    pub id: String,
    /// Whether another one takes its place.
    pub replaced: Replaced,
    /// The properties that change, where AWS says.
    pub properties: Vec<String>,
}

/// Whether a resource gives its place to a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Replaced {
    /// It stays.
    Never,
    /// That hangs on a value that is not known yet.
    Perhaps,
    /// It does.
    Always,
}

/// Types that hold what can't be made again, with what that is.
const HOLDERS: [(&str, &str); 5] = [
    ("AWS::S3::Bucket", "its files"),
    ("AWS::ECR::Repository", "its images"),
    ("AWS::Logs::LogGroup", "its lines"),
    ("AWS::SecretsManager::Secret", "its value"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "the address that its users know"),
];

/// Types that do their work only while services are registered in them, with what stops until they
/// are again.
const REGISTERS: [(&str, &str); 1] =
    [("AWS::ElasticLoadBalancingV2::TargetGroup", "all requests, until tasks are registered anew")];

// === impl Change ===

impl Change {
    /// A resource that is new.
    #[must_use]
    pub fn add(kind: &str, id: &str) -> Self {
        Self {
            action: "Add".to_owned(),
            kind: kind.to_owned(),
            id: id.to_owned(),
            replaced: Replaced::Never,
            properties: Vec::new(),
        }
    }

    /// What is lost by it, in words; `None` when nothing is that could not be made again. What the
    /// template keeps (`DeletionPolicy`) stays in the account, but nothing uses it any more.
    #[must_use]
    pub fn loss(&self) -> Option<String> {
        let find = |all: &[(&str, &'static str)]| {
            all.iter().find(|(kind, _)| *kind == self.kind).map(|(_, what)| *what)
        };
        let held = find(&HOLDERS);
        let lost = match (self.action.as_str(), self.replaced) {
            ("Remove", _) => held?,
            (_, Replaced::Always | Replaced::Perhaps) => held.or_else(|| find(&REGISTERS))?,
            (_, Replaced::Never) => return None,
        };
        Some(format!("{self}: {lost}"))
    }
}

impl fmt::Display for Change {
    /// `modify AWS::IAM::Role ExecutionRole (Policies), which is replaced`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, kind, id, replaced, properties } = self;
        write!(f, "{} {kind} {id}", action.to_lowercase())?;
        if !properties.is_empty() {
            write!(f, " ({})", properties.join(", "))?;
        }
        f.write_str(match replaced {
            Replaced::Never => "",
            Replaced::Perhaps => ", which may be replaced",
            Replaced::Always => ", which is replaced",
        })
    }
}

/// What tells one template of an environment from another; `None` where there is no stack.
pub(crate) fn mark(manifest: &Resolved) -> Option<String> {
    needs_stack(manifest)
        .then(|| digest::of_texts(&[&foundation(manifest, &Stand::default()).value().to_string()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_made_again_takes_a_yes() {
        for (action, kind, replaced, expected) in [
            ("Add", "AWS::S3::Bucket", Replaced::Never, false),
            ("Modify", "AWS::S3::Bucket", Replaced::Never, false),
            ("Modify", "AWS::S3::Bucket", Replaced::Perhaps, true),
            ("Remove", "AWS::Logs::LogGroup", Replaced::Never, true),
            ("Remove", "AWS::IAM::Role", Replaced::Never, false),
            ("Modify", "AWS::IAM::Role", Replaced::Always, false),
            ("Modify", "AWS::ElasticLoadBalancingV2::TargetGroup", Replaced::Always, true),
            ("Remove", "AWS::ElasticLoadBalancingV2::TargetGroup", Replaced::Never, false),
        ] {
            let change =
                Change { action: action.to_owned(), replaced, ..Change::add(kind, "Held") };
            assert_eq!(change.loss().is_some(), expected, "{change}");
        }
    }

    #[test]
    fn a_change_is_told_in_one_line() {
        let change = Change {
            action: "Modify".to_owned(),
            replaced: Replaced::Always,
            properties: vec!["Name".to_owned(), "Scheme".to_owned()],
            ..Change::add("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancer")
        };
        let line = "modify AWS::ElasticLoadBalancingV2::LoadBalancer LoadBalancer (Name, Scheme), \
            which is replaced";
        assert_eq!(change.to_string(), line);
        assert_eq!(change.loss(), Some(format!("{line}: the address that its users know")));
    }
}
