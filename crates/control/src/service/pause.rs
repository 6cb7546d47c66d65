//! Pauses: a deployment stops at a stage until a person lets it go on, or for as long as its hook says
//! (reference §3.8).

use super::pass::Pass;
use crate::decision::Waiting;
use model::Span;
use world::ServiceDeployment;
use world::service::deployment::{Failure, Pause, PauseStatus};
use world::service::{HookAction, Position};

/// Whether a deployment goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It does.
    GoOn,
    /// Somebody is waited for.
    Wait,
    /// It goes back.
    Back(Failure),
}

/// What the hooks of a stage say. All of them have to consent; each is asked once a stage, and once
/// a step of production traffic.
pub(super) fn ask(pass: &mut Pass<'_>, current: &ServiceDeployment, at: Position) -> Verdict {
    let hooks = current.configuration.pauses.iter().enumerate();
    let hooks: Vec<usize> =
        hooks.filter(|(_, hook)| hook.stages.contains(&at.stage)).map(|(hook, _)| hook).collect();
    let mut verdict = Verdict::GoOn;
    for hook in hooks {
        let pause = resolved(pass, current, hook, at);
        match pause.status {
            PauseStatus::Succeeded => {}
            PauseStatus::TimedOut if pause.action == HookAction::Continue => {}
            PauseStatus::Failed | PauseStatus::TimedOut => {
                return Verdict::Back(Failure::Hook(at.stage, pause.id));
            }
            PauseStatus::AwaitingAction => {
                pass.note(Waiting::Consent { stage: at.stage, until: pause.expires_at });
                verdict = Verdict::Wait;
            }
        }
    }
    verdict
}

/// The pause of a hook, begun when the deployment comes to it and timed out when nobody came.
fn resolved(pass: &mut Pass<'_>, current: &ServiceDeployment, hook: usize, at: Position) -> Pause {
    let is_it = |pause: &Pause| (pause.hook, pause.stage, pause.step) == (hook, at.stage, at.step);
    let held = current.pauses.iter().position(is_it);
    let mut pause = match held {
        Some(held) => current.pauses[held].clone(),
        None => begun(pass, current, hook, at),
    };
    if pause.status == PauseStatus::AwaitingAction && pass.passed(pause.expires_at) {
        pause.status = PauseStatus::TimedOut;
    }
    let now = pass.now();
    if let Some(current) = &mut pass.current {
        let unchanged = held.is_some_and(|held| current.pauses[held] == pause);
        match held {
            Some(held) => current.pauses[held] = pause.clone(),
            None => current.pauses.push(pause.clone()),
        }
        if !unchanged {
            current.updated_at = now;
        }
    }
    pause
}

fn begun(pass: &mut Pass<'_>, current: &ServiceDeployment, hook: usize, at: Position) -> Pause {
    let configured = &current.configuration.pauses[hook];
    Pause {
        id: pass.ids.pause(),
        hook,
        stage: at.stage,
        step: at.step,
        status: PauseStatus::AwaitingAction,
        expires_at: pass.now() + Span::minutes(u64::from(configured.timeout_minutes)),
        action: configured.action,
    }
}
