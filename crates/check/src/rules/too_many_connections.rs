//! More connections than the database admits.

use crate::finding::{Finding, Severity};
use crate::part::Part;
use crate::rule::{Look, Rule};
use crate::setting::Setting;
use manifest::{Service, Strategy};
use source::{Pool, System};
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "too-many-connections",
    severity: Severity::Error,
    title: "At full scale the tasks open more connections than the database admits.",
    why: "Each task has a pool of its own, and while a deployment runs, new tasks stand beside the old \
          ones. The one above the limit gets `too many clients already`, its health check fails, and the \
          deployment that was to help with the load is the one that fails.",
    fix: "a smaller pool, fewer tasks at most, a smaller `deploy.max`, or a pooler such as RDS Proxy.",
    limits: "the database's own limit, which `database.max_connections` says; other users of it.",
    look: &[Look::Part(find), Look::Setting(shared)],
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

/// How many tasks there are at most, and what each opens.
struct Peak {
    /// At full scale.
    most: u64,
    /// At full scale while a deployment runs.
    rolling: u64,
    pool: u64,
}

impl Peak {
    fn asked(&self) -> u64 {
        self.rolling.max(self.most) * self.pool
    }
}

fn peak(service: &Service) -> Peak {
    let schedules = service.scale.iter().flat_map(|it| &it.schedule).filter_map(|it| it.max);
    let most = service.scale.as_ref().map_or_else(|| service.desired_count(), |scale| scale.max);
    let most = u64::from(schedules.fold(most, u32::max));
    let rolling = match service.deploy.strategy {
        Strategy::Rolling => most * u64::from(service.deploy.max) / 100,
        Strategy::BlueGreen | Strategy::Linear | Strategy::Canary => most * 2,
    };
    Peak { most, rolling, pool: service.database.as_ref().map_or(0, |it| u64::from(it.pool)) }
}

fn full(part: &Part<'_>, setting: Setting<'_>, service: &Service, limit: u64) -> Option<Finding> {
    let Peak { most, rolling, pool } = peak(service);
    let steady = most * pool;
    let usable = limit.saturating_sub(RESERVED);
    let asked = peak(service).asked();
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

/// Services of one environment that use the same database, and together open too many connections.
fn shared(setting: &Setting<'_>) -> Vec<Finding> {
    let mut groups: BTreeMap<String, Vec<(&str, &Service)>> = BTreeMap::new();
    for (name, service) in &setting.resolved.environment.services {
        if let Some(address) = service.database.as_ref().and_then(|_| address(service)) {
            groups.entry(address).or_default().push((name, service));
        }
    }
    groups.values().filter_map(|users| together(*setting, users)).collect()
}

/// What leads a service to its database: the reference or value of the variable for it. It is compared,
/// never shown.
fn address(service: &Service) -> Option<String> {
    let is_for_it = |name: &str| {
        let of_database = ["DATABASE", "POSTGRES", "PG", "DB", "MYSQL"];
        let leads = ["URL", "URI", "DSN", "HOST"];
        of_database.iter().any(|word| name.starts_with(word))
            && leads.iter().any(|word| name.ends_with(word))
    };
    let secret = service.secrets.iter().find(|(name, _)| is_for_it(name));
    let plain = service.env.iter().find(|(name, _)| is_for_it(name));
    secret.map(|(_, reference)| format!("{reference:?}")).or_else(|| plain.map(|it| it.1.clone()))
}

fn together(setting: Setting<'_>, users: &[(&str, &Service)]) -> Option<Finding> {
    let limits =
        users.iter().filter_map(|(_, service)| Some(service.database.as_ref()?.max_connections));
    let limit = u64::from(limits.min()?);
    let usable = limit.saturating_sub(RESERVED);
    let asked: Vec<(&str, u64)> =
        users.iter().map(|(name, it)| (*name, peak(it).asked())).collect();
    let sum: u64 = asked.iter().map(|(_, number)| number).sum();
    // One that is too many alone is told by itself.
    if users.len() < 2 || sum <= usable || asked.iter().any(|(_, number)| *number > usable) {
        return None;
    }
    let said: Vec<String> = asked.iter().map(|(name, number)| format!("{name} {number}")).collect();
    let message = format!(
        "services that share a database open up to {sum} connections while they are deployed ({}); it admits {limit}, {RESERVED} of them for its superuser",
        said.join(", ")
    );
    let place = |name: &str| setting.place(&format!("services.{name}.database.max_connections"));
    let (first, rest) = users.split_first()?;
    let mut found = RULE.at(&place(first.0), message).label("too few for all together");
    for (name, _) in rest {
        found = found.related(&place(name), format!("{name} uses the same database"));
    }
    Some(found.help("smaller pools, fewer tasks at most, or a pooler such as RDS Proxy"))
}
