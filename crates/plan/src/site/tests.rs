use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

fn files(of: &[(&str, &str)]) -> Files {
    let file = |digest: &str| File { size: 1_500, digest: digest.to_owned() };
    of.iter().map(|(path, digest)| ((*path).to_owned(), file(digest))).collect()
}

fn held(of: &[(&str, &str)], modified: Timestamp) -> BTreeMap<String, Held> {
    let held = |tag: &str| Held { tag: tag.to_owned(), size: 1_500, modified };
    of.iter().map(|(path, tag)| ((*path).to_owned(), held(tag))).collect()
}

fn paths(delivery: &Delivery) -> Vec<&str> {
    delivery.uploads.iter().map(|it| it.path.as_str()).collect()
}

#[test]
fn only_what_changed_is_uploaded_and_pages_last() {
    let new = files(&[("a-3f2a9c1b.js", "1"), ("index.html", "2"), ("robots.txt", "3")]);
    let first = Delivery::of(&new, &BTreeMap::new(), NOW);
    assert_eq!(paths(&first), ["a-3f2a9c1b.js", "robots.txt", "index.html"]);
    let held = held(&[("robots.txt", "3"), ("index.html", "old")], NOW);
    let second = Delivery::of(&new, &held, NOW);
    assert_eq!(paths(&second), ["a-3f2a9c1b.js", "index.html"]);
    let line = second.line("web").expect("there is something to do");
    assert!(line.starts_with("upload 2 of 3 files of web, 3 KB (version "), "{line}");
}

#[test]
fn what_is_there_is_left_alone() {
    let all = [("a-3f2a9c1b.js", "1"), ("index.html", "2")];
    let delivery = Delivery::of(&files(&all), &held(&all, NOW), NOW);
    assert!(delivery.is_nothing());
    assert_eq!(delivery.line("web"), None);
}

#[test]
fn an_old_page_goes_and_what_open_pages_ask_for_stays_a_year() {
    let now = files(&[("index.html", "2")]);
    let before = [("old.html", "1"), ("a-3f2a9c1b.js", "1"), ("index.html", "2")];
    let delivery = Delivery::of(&now, &held(&before, NOW), NOW);
    assert_eq!(delivery.removals, ["old.html"]);
    let later = NOW + KEPT + Span::seconds(1);
    let delivery = Delivery::of(&now, &held(&before, NOW), later);
    assert_eq!(delivery.removals, ["a-3f2a9c1b.js", "old.html"]);
    let line = delivery.line("web").expect("there is something to do");
    assert!(line.contains("0 bytes, remove 2 (version "), "{line}");
}

#[test]
fn another_content_is_another_version() {
    let of = |digest: &str| {
        let delivery = Delivery::of(&files(&[("index.html", digest)]), &BTreeMap::new(), NOW);
        delivery.line("web")
    };
    assert_ne!(of("1"), of("2"));
    assert_eq!(of("1"), of("1"));
}

#[test]
fn a_folder_that_is_no_site_is_refused() {
    let site = |fallback: Option<&str>| manifest::StaticSite {
        directory: "dist".to_owned(),
        build: None,
        index: "index.html".to_owned(),
        fallback: fallback.map(str::to_owned),
    };
    let check = |names: &[&str], fallback: Option<&str>| {
        let pairs: Vec<(&str, &str)> = names.iter().map(|name| (*name, "1")).collect();
        flaw(&site(fallback), &files(&pairs))
    };
    assert_eq!(check(&["index.html", ".well-known/a"], None), None);
    assert_eq!(check(&["app.js"], None).as_deref(), Some("there is no `index.html` in it"));
    let missing = check(&["index.html"], Some("app.html"));
    assert_eq!(missing.as_deref(), Some("there is no `app.html` in it"));
    for secret in [".env", ".env.production", "a/.git/config", "node_modules/a.js", ".npmrc"] {
        let flaw = check(&["index.html", secret], None);
        assert!(flaw.is_some_and(|it| it.contains(secret)), "{secret}");
    }
}
