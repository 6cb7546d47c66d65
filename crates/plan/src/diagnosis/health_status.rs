//! Health checks that the application answers, with a status that does not count as healthy.

use super::ailment::{Ailment, Answer};
use super::cause::Cause;
use super::scene::{Diagnosis, Scene};
use super::{application, database};

/// The load balancer hears statuses other than the expected ones.
pub(super) fn refused(scene: &Scene<'_>) -> Option<Diagnosis> {
    let Ailment::Target(Answer::Statuses(statuses)) = scene.ailment()? else { return None };
    let status = statuses.first()?;
    let path = scene.path();
    let asked = format!("GET {path} is answered with {status}");
    let found = |cause, why: &str| Diagnosis::new(cause, format!("{asked}{why}"));
    Some(match status {
        404 => found(Cause::HealthPathMissing, ": the application has no such path")
            .todo(format!("name a path that it has: `{}: /api/health`", scene.key("health.path")))
            .todo(format!("or add {path} to it, outside of any prefix and login")),
        500..=599 => with_log(scene, found(Cause::HealthServerError, ", an error of its own")),
        301 | 302 | 303 | 307 | 308 => found(Cause::HealthRedirect, ": it sends the health check elsewhere")
            .says("a redirect is not followed; most lead to HTTPS, to a login, or to the same path with a slash")
            .todo(format!("answer {path} itself with 200, before anything that redirects"))
            .todo(format!("or let it count as healthy: `{}: 200,{status}`", scene.key("health.codes"))),
        401 | 403 => found(Cause::HealthForbidden, ": it wants a login")
            .todo(format!("let {path} be answered without one"))
            .todo(format!("or name another path: `{}`", scene.key("health.path"))),
        _ => found(Cause::HealthStatus, &format!(", {} is expected", expected(scene)))
            .todo(format!("answer {path} with 200, or change `{}`", scene.key("health.codes"))),
    })
}

/// What the log knows of an error that the application answers with.
fn with_log(scene: &Scene<'_>, diagnosis: Diagnosis) -> Diagnosis {
    let told = database::unusable(scene).or_else(|| application::failed(scene));
    match told {
        Some(told) => Diagnosis { todo: told.todo, ..diagnosis }
            .says(format!("its log says: {}", told.title))
            .line(told.line),
        None => diagnosis
            .todo(format!("its log tells why: neargate logs {}", scene.service()))
            .todo("a health check that asks the database takes every task away when that fails"),
    }
}

fn expected<'a>(scene: &Scene<'a>) -> &'a str {
    let matcher = scene.group().and_then(|group| group.matcher.as_ref());
    matcher.and_then(|matcher| matcher.http_code.as_deref()).unwrap_or("200")
}
