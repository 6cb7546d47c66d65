use super::*;
use crate::registry::ImageKey;
use crate::registry::archive::Archival;

const SECONDS: i64 = 86_400;
const NOW: Timestamp = Timestamp::from_seconds(1000 * SECONDS);

/// Images by name, age in days, tags, and the names that an index leads to.
type Held = (&'static str, i64, &'static [&'static str], &'static [&'static str]);

fn image((name, age, tags, children): &Held) -> Image {
    Image {
        key: ImageKey { repository: "shop".into(), digest: (*name).into() },
        media_type: String::new(),
        artifact_type: None,
        manifest: String::new(),
        layers: Vec::new(),
        size: 0,
        children: children.iter().map(|&child| child.into()).collect(),
        subject: None,
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        pushed_at: days_ago(*age),
        pulled_at: None,
        scanned_at: None,
        archival: None,
    }
}

fn tagged(patterns: &[&str]) -> About {
    About::Tagged(patterns.iter().map(|&pattern| pattern.to_owned()).collect())
}

fn rule(priority: u32, about: About, limit: Limit) -> Rule {
    Rule { priority, class: StorageClass::Standard, about, limit, fate: Fate::Expire }
}

fn days_ago(days: i64) -> Timestamp {
    Timestamp::from_seconds((1000 - days) * SECONDS)
}

fn check(rules: &[(u32, About, Limit)], held: &[Held], expected: &[(&str, u32)]) {
    let rules: Vec<Rule> = rules
        .iter()
        .cloned()
        .map(|(priority, about, limit)| rule(priority, about, limit))
        .collect();
    let images: Vec<Image> = held.iter().map(image).collect();
    let images: Vec<&Image> = images.iter().collect();
    let found = taken(&rules, &images, NOW);
    let found: Vec<(&str, u32)> =
        found.iter().map(|taken| (taken.digest.as_str(), taken.priority)).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_newest_stay_and_the_oldest_go_first() {
    let held: [Held; 3] = [("a", 3, &["1"], &[]), ("b", 1, &[], &[]), ("c", 2, &["3"], &[])];
    check(&[(1, About::Any, Limit::MoreThan(1))], &held, &[("a", 1), ("c", 1)]);
    check(&[(1, About::Any, Limit::MoreThan(3))], &held, &[]);
    check(&[(1, About::Untagged, Limit::MoreThan(1))], &held, &[]);
}

#[test]
fn an_image_is_old_after_so_many_days() {
    let held: [Held; 3] = [("a", 14, &[], &[]), ("b", 13, &[], &[]), ("c", 15, &["1"], &[])];
    check(&[(1, About::Untagged, Limit::OlderThan(14))], &held, &[("a", 1)]);
    check(&[(1, About::Any, Limit::OlderThan(14))], &held, &[("c", 1), ("a", 1)]);
}

#[test]
fn every_pattern_of_a_rule_must_be_met() {
    let held: [Held; 3] =
        [("a", 3, &["prod-1", "blue"], &[]), ("b", 2, &["prod-2"], &[]), ("c", 1, &["blue"], &[])];
    let rule = |patterns| [(1, tagged(patterns), Limit::OlderThan(1))];
    check(&rule(&["prod-*"]), &held, &[("a", 1), ("b", 1)]);
    check(&rule(&["prod-*", "bl*"]), &held, &[("a", 1)]);
}

#[test]
fn what_an_earlier_rule_names_is_out_of_reach_of_a_later_one() {
    let held: [Held; 3] = [("a", 9, &["prod"], &[]), ("b", 8, &["dev"], &[]), ("c", 7, &[], &[])];
    let rules = [(9, About::Any, Limit::MoreThan(1)), (1, tagged(&["prod*"]), Limit::MoreThan(5))];
    // The rule for all counts all three, so the newest stays; `a` is the first rule's, which keeps it.
    check(&rules, &held, &[("b", 9)]);
}

#[test]
fn an_image_that_an_index_leads_to_stays() {
    let held: [Held; 2] = [("part", 9, &[], &[]), ("index", 8, &["v1"], &["part"])];
    check(&[(1, About::Untagged, Limit::OlderThan(1))], &held, &[]);
}

#[test]
fn what_nobody_used_goes_to_the_archive_and_what_was_there_for_long_expires() {
    let archive = Rule { fate: Fate::Archive, ..rule(1, About::Any, Limit::UnusedFor(30)) };
    let limit = Limit::ArchivedFor(90);
    let expire = Rule { class: StorageClass::Archive, ..rule(2, About::Any, limit) };
    let of = |name: &'static str| image(&(name, 200, &[], &[]));
    let archived = |name, since, back_at: Option<i64>| Image {
        archival: Some(Archival { since: days_ago(since), back_at: back_at.map(days_ago) }),
        ..of(name)
    };
    let images = [
        of("never pulled"),
        Image { pulled_at: Some(days_ago(29)), ..of("pulled lately") },
        archived("back lately", 100, Some(10)),
        archived("back and forgotten", 100, Some(31)),
        archived("long in the archive", 90, None),
        archived("new in the archive", 89, None),
    ];
    let images: Vec<&Image> = images.iter().collect();
    let found = taken(&[archive, expire], &images, NOW);
    let found: Vec<(&str, Fate)> =
        found.iter().map(|taken| (taken.digest.as_str(), taken.fate)).collect();
    let expected = [
        ("never pulled", Fate::Archive),
        ("back and forgotten", Fate::Archive),
        ("long in the archive", Fate::Expire),
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_image_follows_its_index_into_the_archive_and_not_before() {
    let rules = [Rule { fate: Fate::Archive, ..rule(1, About::Untagged, Limit::OlderThan(1)) }];
    let held: [Held; 2] = [("part", 9, &[], &[]), ("index", 8, &["v1"], &["part"])];
    let [part, index] = held.map(|held| image(&held));
    assert!(taken(&rules, &[&part, &index], NOW).is_empty());
    let index = index.into_archive(days_ago(1));
    assert_eq!(taken(&rules, &[&part, &index], NOW).len(), 1);
}

#[test]
fn artifacts_follow_the_images_that_they_are_about() {
    let about = |name: &'static str, subject: &str, age| Image {
        subject: Some(subject.into()),
        ..image(&(name, age, &[], &[]))
    };
    let images = [
        image(&("stays", 9, &["v1"], &[])),
        image(&("goes", 9, &["old"], &[])),
        image(&("archived", 9, &["v0"], &[])).into_archive(days_ago(2)),
        about("of one that stays", "stays", 5),
        about("of one that goes", "goes", 5),
        about("of one in the archive", "archived", 5),
        about("of one that is gone", "deleted", 1),
        about("of one that may come", "to come", 0),
    ];
    let images: Vec<&Image> = images.iter().collect();
    let taken = taken(&[rule(1, tagged(&["old"]), Limit::OlderThan(1))], &images, NOW);
    let mut found = following(&images, &taken, NOW);
    found.sort_by_key(|(digest, _)| digest.to_string());
    let found: Vec<(&str, Fate)> =
        found.iter().map(|(digest, fate)| (digest.as_str(), *fate)).collect();
    let expected = [
        ("of one in the archive", Fate::Archive),
        ("of one that goes", Fate::Expire),
        ("of one that is gone", Fate::Expire),
    ];
    assert_eq!(found, expected);
}
