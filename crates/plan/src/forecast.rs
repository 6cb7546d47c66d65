//! How long a deployment of a service will take, and the terms of that.
//!
//! A rough measure made of the manifest's own times: it says which of them to shorten.

use manifest::{Service, Strategy};
use model::Span;

/// How long AWS takes to give a task a network and an image, and to call it running. A few hundred MB
/// come within that.
const START: Span = Span::seconds(40);

/// A part of the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// What takes it.
    pub what: String,
    /// How long.
    pub span: Span,
}

/// The terms of a deployment's time, in the order in which they pass.
#[must_use]
pub fn forecast(service: &Service) -> Vec<Term> {
    let routed = !service.routes().is_empty();
    let rounds = rounds(service);
    let mut terms = Vec::new();
    let mut add = |what: String, span: Span| {
        if span != Span::ZERO {
            terms.push(Term { what, span });
        }
    };
    if service.before.is_some() {
        add("the task before it starts; what it runs takes longer".to_owned(), START);
    }
    let times =
        if rounds == 1 { String::new() } else { format!(", {rounds} times one after the other") };
    add(format!("tasks start{times}"), times_of(START, rounds));
    if routed {
        let health = &service.health;
        // A new target passes with its first success.
        let what = format!("their first health check, every {}{times}", health.interval);
        add(what, times_of(health.interval, rounds));
    }
    let deploy = &service.deploy;
    match deploy.strategy {
        Strategy::Canary => add("the canary is watched".to_owned(), deploy.canary.bake),
        Strategy::Linear => {
            let steps = steps(deploy.linear.percent);
            let what = format!("{steps} steps of {} are watched", deploy.linear.bake);
            add(what, times_of(deploy.linear.bake, steps));
        }
        Strategy::Rolling | Strategy::BlueGreen => {}
    }
    add("old tasks stay beside the new ones (bake)".to_owned(), deploy.bake());
    if routed {
        add("old targets drain".to_owned(), service.drain);
    }
    terms
}

/// All terms together.
#[must_use]
pub fn total(terms: &[Term]) -> Span {
    Span::millis(terms.iter().map(|term| term.span.as_millis()).sum())
}

/// How often a batch of new tasks has to come up before the next can: with `min: 100` and `max: 200`
/// all do at once.
///
/// Ten tasks, `min: 50`, `max: 100`: five may be missing and none may be more, so two rounds.
fn rounds(service: &Service) -> u64 {
    let count = u64::from(service.desired_count());
    if count == 0 || service.deploy.strategy != Strategy::Rolling {
        return 1;
    }
    let (min, max) = (u64::from(service.deploy.min), u64::from(service.deploy.max));
    let floor = (count * min).div_ceil(100);
    let ceiling = count * max / 100;
    let batch = ceiling.saturating_sub(floor).clamp(1, count);
    count.div_ceil(batch)
}

/// The steps of a linear shift that are watched: all but the last.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of at least 3 percent gives at most 34 steps"
)]
fn steps(percent: f64) -> u64 {
    ((100.0 / percent.max(1.0)).ceil() as u64).saturating_sub(1)
}

fn times_of(span: Span, times: u64) -> Span {
    Span::millis(span.as_millis() * times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use manifest::{parse, resolve};

    fn check(service: &str, seconds: u64) {
        let text = format!("app: a\nservices:\n  s: {{image: i{service}}}\n");
        let (manifest, found) = parse(&text);
        let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
        let (resolved, _) = resolve(&manifest, "local", &Default::default());
        let resolved = resolved.expect("it resolves");
        let terms = forecast(&resolved.environment.services["s"]);
        assert_eq!(total(&terms), Span::seconds(seconds), "{terms:#?}");
    }

    #[test]
    fn a_service_takes_as_long_as_its_terms() {
        check("", 40);
        check(", port: 80, health: {path: /, interval: 10s}, drain: 30s", 40 + 10 + 30);
        check(
            ", port: 80, health: {path: /, interval: 10s}, drain: 0s, count: 10, deploy: {min: 50, max: 100}",
            100,
        );
        let canary = ", port: 80, drain: 0s, health: /, deploy: {strategy: canary, canary: {bake: 10m}, bake: 5m}";
        check(canary, 40 + 10 + 600 + 300);
        let linear = ", port: 80, drain: 0s, health: /, deploy: {strategy: linear, linear: {percent: 25, bake: 1m}, bake: 0m}";
        check(linear, 40 + 10 + 180);
    }
}
