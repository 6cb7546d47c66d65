use super::*;

fn policy(rules: &[&str]) -> Result<Vec<Rule>, String> {
    super::rules(&format!(r#"{{"rules":[{}]}}"#, rules.join(",")))
}

fn expiring(priority: u32, selection: &str) -> String {
    format!(
        r#"{{"rulePriority":{priority},"selection":{{{selection}}},"action":{{"type":"expire"}}}}"#
    )
}

const FEW: &str = r#""countType":"imageCountMoreThan","countNumber":3"#;
const OLD: &str = r#""countType":"sinceImagePushed","countUnit":"days","countNumber":14"#;

fn check(selection: &str, about: About, limit: Limit) {
    let rules = policy(&[&expiring(1, selection)]).unwrap();
    let (class, fate) = (StorageClass::Standard, Fate::Expire);
    assert_eq!(rules, [Rule { priority: 1, class, about, limit, fate }]);
}

fn check_refused(rules: &[&str], expected: &str) {
    let why = policy(rules).unwrap_err();
    assert!(why.contains(expected), "{why}");
}

#[test]
fn rules_say_whom_they_are_about_and_how_many_go() {
    let tagged = |patterns: &[&str]| {
        About::Tagged(patterns.iter().map(|&pattern| pattern.to_owned()).collect())
    };
    check(&format!(r#""tagStatus":"any",{FEW}"#), About::Any, Limit::MoreThan(3));
    check(&format!(r#""tagStatus":"untagged",{OLD}"#), About::Untagged, Limit::OlderThan(14));
    let prefixes = format!(r#""tagStatus":"tagged","tagPrefixList":["v","rc"],{FEW}"#);
    check(&prefixes, tagged(&["v*", "rc*"]), Limit::MoreThan(3));
    let patterns = format!(r#""tagStatus":"tagged","tagPatternList":["*-dev"],{OLD}"#);
    check(&patterns, tagged(&["*-dev"]), Limit::OlderThan(14));
}

#[test]
fn the_lowest_priority_comes_first() {
    let any = expiring(9, &format!(r#""tagStatus":"any",{FEW}"#));
    let untagged = expiring(2, &format!(r#""tagStatus":"untagged",{FEW}"#));
    let rules = policy(&[&any, &untagged]).unwrap();
    let priorities: Vec<u32> = rules.iter().map(|rule| rule.priority).collect();
    assert_eq!(priorities, [2, 9]);
}

#[test]
fn what_aws_would_not_take_is_refused() {
    let any = |priority| expiring(priority, &format!(r#""tagStatus":"any",{FEW}"#));
    let untagged = |priority| expiring(priority, &format!(r#""tagStatus":"untagged",{FEW}"#));
    check_refused(&[], "no rules");
    check_refused(&["7"], "no object");
    check_refused(&[&any(1), &any(1)], "two rules have the priority 1");
    check_refused(&[&any(1), &untagged(2)], "highest priority");
    check_refused(&[&untagged(1), &untagged(2)], "more than one rule for untagged");
    for (selection, expected) in [
        (format!(r#""tagStatus":"tagged",{FEW}"#), "needs tagPrefixList"),
        (format!(r#""tagStatus":"any","tagPrefixList":["v"],{FEW}"#), "only a rule for tagged"),
        (format!(r#""tagStatus":"some",{FEW}"#), "tagStatus is"),
        (format!(r#""tagStatus":"tagged","tagPatternList":["*a*b*c*d*"],{FEW}"#), "more than 4"),
        (format!(r#""tagStatus":"tagged","tagPrefixList":[],{FEW}"#), "at least one"),
        (format!(r#""tagStatus":"any",{FEW},"tagState":1"#), "`tagState` is not known"),
        (r#""tagStatus":"any","countType":"sinceImagePushed","countNumber":1"#.to_owned(), "days"),
        (
            r#""tagStatus":"any","countType":"sinceImagePulled","countNumber":1"#.to_owned(),
            "needs countUnit",
        ),
        (
            r#""tagStatus":"any","countType":"imageCountMoreThan","countNumber":0"#.to_owned(),
            "from 1",
        ),
    ] {
        check_refused(&[&expiring(1, &selection)], expected);
    }
    let transition = any(1).replace("expire", "transition");
    check_refused(&[&transition], "needs targetStorageClass");
    check_refused(&[&any(1).replace("expire", "copy")], "`expire` or `transition`");
}

/// The policy of AWS's user guide that archives what nobody pulls, and deletes it after a year.
#[test]
fn a_rule_for_each_storage_class_may_be_for_any_image() {
    let archive = r#"{"rulePriority":1,"selection":{"tagStatus":"any","countType":
        "sinceImagePulled","countUnit":"days","countNumber":90},
        "action":{"type":"transition","targetStorageClass":"archive"}}"#;
    let since = r#""storageClass":"archive","tagStatus":"any","countUnit":"days",
        "countType":"sinceImageTransitioned","countNumber":"#;
    let expire = expiring(2, &format!("{since}365"));
    let rules = policy(&[archive, &expire]).unwrap();
    let expected = [
        (StorageClass::Standard, Limit::UnusedFor(90), Fate::Archive),
        (StorageClass::Archive, Limit::ArchivedFor(365), Fate::Expire),
    ];
    assert_eq!(
        rules.iter().map(|rule| (rule.class, rule.limit, rule.fate)).collect::<Vec<_>>(),
        expected
    );
    check_refused(&[&expiring(1, &format!("{since}89"))], "for 90 days");
    let unused = archive.replace(r#""transition","targetStorageClass":"archive""#, r#""expire""#);
    check_refused(&[&unused], "goes with the action `transition`");
    let standard = expiring(1, &format!("{since}365")).replace(r#""archive""#, r#""standard""#);
    check_refused(&[&standard], "sinceImageTransitioned goes with");
}
