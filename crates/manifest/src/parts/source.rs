//! What a service is made of: `build`, `image` or `static`, and `process` beside or instead of them
//! where the service runs on this machine.

use super::service::{Service, ServiceRead};
use crate::cx::Cx;
use crate::nearest::nearest;
use crate::resolve::LOCAL;
use crate::{Code, Diagnostic};
use std::collections::BTreeMap;

/// The keys that say what runs on AWS.
const SOURCES: [&str; 3] = ["build", "image", "static"];

/// The keys that mean something for files; all others speak of tasks.
const FOR_FILES: [&str; 4] = ["static", "routes", "depends_on", "tags"];

/// Services without anything to run.
pub(super) fn check_all(services: &BTreeMap<String, Option<ServiceRead>>, cx: &mut Cx<'_>) {
    for name in services.iter().filter(|(_, read)| read.is_some()).map(|(name, _)| name) {
        let given = |key: &str| cx.given(&format!("{name}.{key}"));
        if SOURCES.iter().any(|source| given(source)) {
            continue;
        }
        let environment = cx.environment().unwrap_or_default();
        let mistake = if !given("process") {
            let message = format!("`{name}` has nothing to run: neither `build` nor `image`");
            let others = services.keys().filter(|other| *other != name).map(String::as_str);
            let near = nearest(name, others)
                .map(|near| format!("is it the service `{near}` that is meant?"));
            let hint =
                near.unwrap_or_else(|| "`build: .` builds an image from this folder".to_owned());
            Some((message, hint))
        } else if environment != LOCAL {
            let message = format!(
                "`{name}` has only `process`, which runs on this machine: `{environment}` is on AWS"
            );
            Some((message, "give it `build` or `image`".to_owned()))
        } else {
            None
        };
        if let Some((message, hint)) = mistake {
            cx.report(Diagnostic::new(Code::NoSource, cx.key_place(name), message).hint(hint));
        }
    }
}

/// Keys of one service that contradict each other.
pub(super) fn check_keys(cx: &mut Cx<'_>) {
    if cx.given("build") && cx.given("image") {
        let message = "`build` and `image` exclude each other: an image is built or taken as it is";
        let mistake = Diagnostic::new(Code::Excluded, cx.key_place("image"), message);
        let mistake = mistake.related(cx.key_place("build"), "built here");
        cx.report(
            mistake.hint("to build in one environment only, take the other away in it: `image:`"),
        );
    }
    if cx.given("static") {
        for key in Service::keys().filter(|key| !FOR_FILES.contains(key)) {
            if cx.given(key) {
                let message = format!("`{key}` has no effect beside `static`: files have no tasks");
                let mistake = Diagnostic::new(Code::Excluded, cx.key_place(key), message);
                cx.report(mistake.related(cx.key_place("static"), "files are served"));
            }
        }
    }
}
