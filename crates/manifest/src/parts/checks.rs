//! `checks`: what `neargate check` is to leave alone.
//!
//! Which rules there are is not known here: the checks themselves say so of a name that is none.

use super::build::PATH;
use super::names;
use crate::kind::{Format, formatted, list, part, record};

/// The name of a rule.
static RULE: Format = Format::new(
    "a rule's name",
    "be made of lower case words with hyphens between them",
    "^[a-z]+(-[a-z]+)*$",
    64,
    "plain-http",
);

static REASON: Format = Format::new(
    "a reason",
    "be a line of text",
    r"^\S.*\S$",
    500,
    "\"behind a company proxy that ends TLS\"",
);

part! {
    /// What `neargate check` is to leave alone.
    pub struct Checks as ChecksRead {
        /// Findings that are known and wanted, each with its reason.
        ignore: Vec<Ignore> = list(record::<Ignore>(), 0, 200),
            [default "[]", because "every finding is worth a look"],
            elsewhere ["skip", "suppress", "disable"];
    }
}

part! {
    /// Findings of one rule that are left alone. One that leaves nothing alone is a finding itself.
    pub struct Ignore as IgnoreRead {
        /// The rule; `neargate check --explain` lists them.
        rule: String = formatted(&RULE), [required], elsewhere ["id"];
        /// Why it is right here, for whoever reads it next year.
        reason: String = formatted(&REASON), [required], elsewhere ["because", "why"];
        /// The service that it is about.
        service: Option<String> = formatted(&names::SERVICE),
            [optional "every service's findings are meant"];
        /// The file that it is about, from the manifest's folder.
        file: Option<String> = formatted(&PATH),
            [optional "findings in every file are meant"];
    }
}
