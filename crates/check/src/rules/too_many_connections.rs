//! More connections than the database admits.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::rule::{Look, Rule};
use crate::setting::Setting;
use manifest::{Service, Strategy};
use source::{Pool, System};

pub(super) const RULE: Rule = Rule {
    id: "too-many-connections",
    severity: Severity::Error,
    title: "At full scale the tasks open more connections than the database admits.",
    why: "Each task has a pool of its own, and while a deployment runs, new tasks stand beside the old \
          ones. The one above the limit gets `too many clients already`, its health check fails, and the \
          deployment that was to help with the load is the one that fails.",
    fix: "a smaller pool, fewer tasks at most, a smaller `deploy.max`, or a pooler such as RDS Proxy.",
    limits: "the database's own limit, which `database.max_connections` says; other users of it.",
    look: &[Look::Part(find)],
};

/// Connections that PostgreSQL keeps for its superuser, so that somebody can look.
const RESERVED: u64 = 3;

fn find(part: &Part<'_>) -> Vec<Finding> {
    let Some((setting, service)) = part.setting.zip(part.service) else { return Vec::new() };
    let Some(database) = &service.database else { return Vec::new() };
    let mut found = Vec::new();
    if let Some((size, place)) = pool(part).filter(|(size, _)| *size > database.pool) {
        let said = database.pool;
        let message = format!("the code opens up to {size} connections a task, `pool` says {said}");
        let help = format!("`pool: {size}`, or the same number in the code");
        let rule = RULE.at(&part.place("database.pool"), message).related(place, "opened here");
        found.push(rule.help(help).at_most(Severity::Warning));
    }
    found.extend(full(part, setting, service, u64::from(database.max_connections)));
    found
}

/// What the code opens, if it says so by itself.
fn pool<'s>(part: &Part<'s>) -> Option<(u32, &'s source::Place)> {
    let project = part.project?;
    let sql = project.databases.iter().filter(|it| {
        !matches!(it.value.system, Some(System::Redis | System::Sqlite | System::Mongodb))
    });
    let sizes = sql.filter_map(|it| {
        let size = match &it.value.pool {
            Pool::Given(size) => Some(*size),
            Pool::Variable { name, default } => match part.given(name) {
                crate::part::Given::Value(value) => value.parse().ok(),
                _ => *default,
            },
            Pool::Library(_) | Pool::Single | Pool::Unknown => None,
        };
        Some((size?, &it.place))
    });
    sizes.max_by_key(|(size, _)| *size)
}

fn full(part: &Part<'_>, setting: Setting<'_>, service: &Service, limit: u64) -> Option<Finding> {
    let database = service.database.as_ref()?;
    let schedules = service.scale.iter().flat_map(|it| &it.schedule).filter_map(|it| it.max);
    let most = service.scale.as_ref().map_or_else(|| service.desired_count(), |scale| scale.max);
    let most = u64::from(schedules.fold(most, u32::max));
    let rolling = match service.deploy.strategy {
        Strategy::Rolling => most * u64::from(service.deploy.max) / 100,
        Strategy::BlueGreen | Strategy::Linear | Strategy::Canary => most * 2,
    };
    let pool = u64::from(database.pool);
    let steady = most * pool;
    let usable = limit.saturating_sub(RESERVED);
    let asked = rolling.max(most) * pool;
    if asked <= usable {
        return None;
    }
    let when = match steady > usable {
        true => format!("{most} tasks with {pool} connections each are {steady}"),
        false => format!(
            "{most} tasks are {rolling} while a deployment runs: with {pool} connections each, {asked}"
        ),
    };
    let message =
        format!("{when}; the database admits {limit}, {RESERVED} of them for its superuser");
    let fits = usable / rolling.max(1);
    let help = match fits {
        0 => "fewer tasks, or a pooler between them and the database".to_owned(),
        fits => format!("a pool of {fits} fits, or fewer tasks at most"),
    };
    let found = RULE.at(&part.place("database.max_connections"), message).label("too few");
    let scale = part.path("scale.max");
    let found = match setting.gives(&scale) {
        true => found.related(&setting.place(&scale), format!("up to {most} tasks")),
        false => found,
    };
    Some(found.help(help))
}
