use super::super::health::Ailment;
use super::*;
use model::Timestamp;
use world::TaskKey;
use world::task::Launch;

/// Tasks as words: whose (`n`ew, `k`ept, `r`est), how they stand (`p`ending, `w`aiting, `f`resh,
/// `s`ettled, `u`nhealthy), their zone; the later in the list, the newer.
fn members(words: &str) -> Vec<Member> {
    words.split_whitespace().enumerate().map(|(at, word)| member(at, word)).collect()
}

fn member(at: usize, word: &str) -> Member {
    let letter = |at: usize| word.as_bytes().get(at).copied().map_or(' ', char::from);
    let whose = match letter(0) {
        'n' => Whose::New,
        'k' => Whose::Kept,
        _ => Whose::Rest,
    };
    let standing = match letter(1) {
        'p' => Standing::Pending,
        'w' => Standing::Waiting,
        'f' => Standing::Fresh,
        's' => Standing::Settled,
        _ => Standing::Unhealthy(Ailment::Container),
    };
    Member {
        key: TaskKey { cluster: "shop".into(), id: format!("{word}#{at}").as_str().into() },
        deployment: "ecs-svc/1".into(),
        whose,
        standing,
        zone: letter(2).to_string().as_str().into(),
        launch: Launch::Fargate,
        created: Timestamp::from_seconds(i64::try_from(at).unwrap()),
    }
}

fn check(words: &str, stops: Stops, expected: &str) {
    let all = members(words);
    let (going, staying) = part(all.clone(), &stops);
    assert_eq!(going.len() + staying.len(), all.len());
    let going: Vec<&str> = going.iter().map(|member| member.key.id.as_str()).collect();
    assert_eq!(going.join(" "), expected, "{words}");
}

#[test]
fn the_fullest_zone_gives_first_and_there_the_newest() {
    let excess = |excess| Stops { excess, ..Stops::default() };
    check("nsa nsb nsc nsa nsb", excess(1), "nsb#4");
    check("nsa nsb nsc nsa nsb", excess(3), "nsb#4 nsa#3 nsc#2");
}

#[test]
fn what_is_worth_least_goes_before_zones_count() {
    let excess = |excess| Stops { excess, ..Stops::default() };
    check("nsa nsa nsa nfb npc nwc", excess(3), "npc#4 nwc#5 nfb#3");
}

#[test]
fn a_replacement_that_failed_goes_before_what_it_replaced() {
    check("nua nua", Stops { unhealthy: 1, ..Stops::default() }, "nua#1");
}

#[test]
fn of_old_tasks_those_that_never_worked_go_first() {
    let healthy = Stops { old_healthy: 2, ..Stops::default() };
    check("ksa rsb nsc", healthy, "rsb#1 ksa#0");
    let ailing = Stops { old_pending: 1, old_ailing: 2, ..Stops::default() };
    check("kpa rpb kub nsc", ailing, "rpb#1 kub#2 kpa#0");
}
