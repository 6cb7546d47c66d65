use super::*;

/// `desired minimum/maximum` and the tasks of the three sides, each as letters: `p`ending,
/// `w`aiting, `f`resh, `s`ettled, `u`nhealthy. An old deployment that worked and has lost all its
/// tasks is a `-`.
fn tally(service: &str, new: &str, kept: &str, rest: &str) -> Tally {
    let numbers: Vec<u32> =
        service.split([' ', '/']).map(|number| number.parse().unwrap()).collect();
    let side = |letters: &str| {
        let count = |letter| u32::try_from(letters.matches(letter).count()).unwrap();
        Side {
            pending: count('p'),
            waiting: count('w'),
            fresh: count('f'),
            settled: count('s'),
            unhealthy: count('u'),
        }
    };
    Tally {
        desired: numbers[0],
        minimum_percent: numbers[1],
        maximum_percent: numbers[2],
        new: side(new),
        kept: side(kept),
        rest: side(rest),
        new_starts: Starts::Allowed,
        kept_starts: if kept.is_empty() { Starts::Withheld } else { Starts::Allowed },
    }
}

/// What is done, in words that say nothing of what is not.
fn show(moves: &Moves) -> String {
    let stop = &moves.stop;
    let counts = [
        (moves.start_new, "start"),
        (moves.replaced, "replaced"),
        (moves.start_kept, "restore"),
        (moves.replaced_kept, "restored for unhealthy"),
        (stop.unhealthy, "stop unhealthy"),
        (stop.excess, "stop excess"),
        (stop.old_pending, "stop old pending"),
        (stop.old_ailing, "stop old ailing"),
        (stop.old_healthy, "stop old"),
        (u32::from(moves.stuck), "stuck"),
    ];
    let said = counts.iter().filter(|(count, _)| *count > 0);
    said.map(|(count, what)| format!("{what} {count}")).collect::<Vec<_>>().join(", ")
}

fn check(service: &str, [new, kept, rest]: [&str; 3], expected: &str) {
    let moves = tally(service, new, kept, rest).moves();
    assert_eq!(show(&moves), expected, "{service}: new {new:?}, kept {kept:?}, rest {rest:?}");
}

#[test]
fn floors_round_up_and_ceilings_round_down() {
    for (service, floor, ceiling) in [
        ("3 66/150", 2, 4),
        ("4 50/100", 2, 4),
        ("2 75/200", 2, 4),
        ("1 50/150", 1, 1),
        ("0 100/200", 0, 0),
        ("10 33/125", 4, 12),
    ] {
        let tally = tally(service, "", "", "");
        assert_eq!((tally.floor(), tally.ceiling()), (floor, ceiling), "{service}");
    }
}

#[test]
fn a_service_is_brought_to_its_count() {
    check("3 100/200", ["", "", ""], "start 3");
    check("3 100/200", ["pwf", "", ""], "");
    check("3 100/200", ["ss", "", ""], "start 1");
    check("2 100/200", ["ssss", "", ""], "stop excess 2");
    check("2 100/200", ["spw", "", ""], "stop excess 1");
    check("0 100/200", ["ssu", "", ""], "stop unhealthy 1, stop excess 2");
}

#[test]
fn one_task_at_100_200_starts_first() {
    check("1 100/200", ["", "s", ""], "start 1");
    check("1 100/200", ["p", "s", ""], "");
    check("1 100/200", ["w", "s", ""], "");
    // Healthy, but watched for too short a time.
    check("1 100/200", ["f", "s", ""], "");
    check("1 100/200", ["s", "s", ""], "stop old 1");
    check("1 100/200", ["s", "", ""], "");
}

#[test]
fn one_task_at_0_100_stops_first() {
    check("1 0/100", ["", "s", ""], "start 1, stop old 1");
}

#[test]
fn four_tasks_at_50_100_go_two_by_two() {
    check("4 50/100", ["", "ssss", ""], "start 2, stop old 2");
    check("4 50/100", ["pp", "ss", ""], "");
    check("4 50/100", ["sp", "ss", ""], "start 1, stop old 1");
    check("4 50/100", ["ss", "ss", ""], "start 2, stop old 2");
    check("4 50/100", ["sspp", "", ""], "");
}

#[test]
fn three_tasks_at_66_150_use_floor_and_ceiling() {
    check("3 66/150", ["", "sss", ""], "start 2, stop old 1");
    check("3 66/150", ["ss", "ss", ""], "start 1, stop old 2");
}

#[test]
fn percentages_without_room_are_said() {
    check("1 100/100", ["", "s", ""], "stuck 1");
    check("1 100/150", ["", "s", ""], "stuck 1");
    check("4 100/100", ["", "ssss", ""], "stuck 1");
    // Not as long as something may still change by itself.
    check("1 100/100", ["", "w", ""], "");
    // An old task that dies makes room for a new one.
    check("1 100/100", ["", "-", ""], "start 1");
}

#[test]
fn unhealthy_tasks_are_replaced_before_they_are_stopped() {
    check("1 100/200", ["u", "", ""], "start 1, replaced 1");
    check("1 100/200", ["up", "", ""], "");
    check("1 100/200", ["us", "", ""], "stop unhealthy 1");
    check("1 100/200", ["uf", "", ""], "stop unhealthy 1");
    // The replacement turned unhealthy too: one of the two makes room.
    check("1 100/200", ["uu", "", ""], "start 1, replaced 1, stop unhealthy 1");
    check("4 100/200", ["ssuu", "", ""], "start 2, replaced 2");
    check("4 100/200", ["ssuusp", "", ""], "stop unhealthy 1");
    check("2 100/200", ["u", "", ""], "start 2, replaced 1");
}

#[test]
fn without_room_unhealthy_tasks_are_stopped_one_by_one() {
    check("1 100/100", ["u", "", ""], "start 1, replaced 1, stop unhealthy 1");
    check("2 100/100", ["uu", "", ""], "start 1, replaced 1, stop unhealthy 1");
    check("2 100/100", ["up", "", ""], "");
}

#[test]
fn a_failing_deployment_keeps_the_old_one_alive() {
    // The old task stands in for the unhealthy new one.
    check("1 100/200", ["u", "s", ""], "start 1, replaced 1, stop unhealthy 1");
    // An old task was lost while the new ones are not healthy.
    check("2 100/200", ["pp", "s", ""], "restore 1");
    check("2 100/200", ["ss", "", ""], "");
    check("2 100/200", ["fp", "s", ""], "");
    // An old task turned unhealthy, and there is room.
    check("2 100/250", ["pp", "su", ""], "restore 1, restored for unhealthy 1");
    check("2 100/250", ["pp", "sup", ""], "");
    // Scaling out in a deployment goes to both.
    check("4 100/200", ["pp", "ss", ""], "start 2, restore 2");
    // Below 100 % only the floor is restored.
    check("4 50/200", ["pppp", "s", ""], "restore 1");
    check("1 100/200", ["p", "-", ""], "restore 1");
    check("1 100/200", ["u", "-", ""], "restore 1");
}

#[test]
fn an_old_deployment_that_never_worked_makes_way() {
    check("2 100/200", ["", "ss", "pp"], "start 2, stop old pending 2");
    check("2 100/200", ["", "", "pp"], "start 2, stop old pending 2");
    // What runs may still become healthy, and is better than nothing.
    check("2 100/200", ["", "", "ww"], "start 2");
    check("2 100/200", ["ss", "", "wu"], "stop old ailing 2");
    check("1 100/100", ["", "", "u"], "start 1, stop old ailing 1");
}

#[test]
fn a_deployment_that_may_not_start_still_stops() {
    let failed = |new, kept| Tally {
        new_starts: Starts::Withheld,
        kept_starts: Starts::Withheld,
        ..tally("2 100/200", new, kept, "")
    };
    assert_eq!(show(&failed("p", "").moves()), "");
    assert_eq!(show(&failed("ppp", "ss").moves()), "stop excess 1");
}

/// Every reachable count is moved safely, for a few services.
#[test]
fn no_move_breaks_floor_or_ceiling() {
    let letters = ["", "p", "w", "f", "s", "u", "pp", "ps", "fs", "ss", "su", "uu", "sss"];
    let services = ["1 100/200", "1 0/100", "2 50/100", "3 66/150", "3 100/200", "2 100/100"];
    for service in services {
        for new in letters {
            for kept in letters {
                for rest in letters {
                    safe(&tally(service, new, kept, rest));
                }
            }
        }
    }
}

fn safe(tally: &Tally) {
    let moves = tally.moves();
    let stop = &moves.stop;
    let healthy = tally.new.healthy() + tally.kept.healthy() + tally.rest.healthy();
    // Excess tasks that are healthy only go when all others of the deployment are healthy.
    let ailing = tally.new.pending + tally.new.waiting;
    let stopped_healthy = stop.old_healthy + stop.excess.saturating_sub(ailing);
    let floor = tally.floor().min(healthy);
    assert!(healthy - stopped_healthy >= floor, "{tally:?} {moves:?}");
    let total = tally.total() - stop.total() + moves.start_new + moves.start_kept;
    assert!(total <= tally.ceiling().max(tally.total() - stop.total()), "{tally:?} {moves:?}");
    assert!(moves.replaced <= moves.start_new);
}
