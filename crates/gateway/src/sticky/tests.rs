use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_795_162_738);
const BALANCER: Stickiness = Stickiness::Balancer { lasting: Duration::from_secs(60) };

fn application() -> Stickiness {
    Stickiness::Application { cookie: "session".to_owned(), lasting: Duration::from_secs(60) }
}

fn seal() -> Seal {
    Seal::new(&[7; 32])
}

fn target(address: &str) -> TargetId {
    TargetId::from(address.parse::<std::net::SocketAddr>().unwrap())
}

fn bonds(group: Option<Duration>, address: &str, stickiness: Option<Stickiness>) -> Bonds {
    let group = group.map(|lasting| GroupBond { group: "blue".into(), lasting });
    let target = stickiness.map(|stickiness| TargetBond {
        group: "blue".into(),
        target: target(address),
        stickiness: Arc::new(stickiness),
        known: false,
    });
    Bonds { group, target }
}

/// The `Set-Cookie` values of an answer to a client without TLS.
fn issued(bonds: &Bonds, followed: Followed) -> Vec<String> {
    let seal = seal();
    bonds.cookies(&Issue { seal: &seal, now: NOW, secure: false }, followed)
}

/// What a client sends that was given these cookies.
fn sent(issued: &[String]) -> String {
    let pairs: Vec<_> = issued.iter().map(|set| set.split(';').next().unwrap()).collect();
    pairs.join("; ")
}

/// Looks at the cookies that a client sends so many seconds later.
fn later<T>(cookies: &str, seconds: i64, look: impl FnOnce(&Visitor<'_>) -> T) -> T {
    let fields = [Field { name: "cookie", value: cookies.as_bytes() }];
    let now = Timestamp::from_seconds(NOW.seconds() + seconds);
    look(&Visitor { cookies: Cookies(&fields), seal: &seal(), now })
}

#[test]
fn a_client_stays_with_its_target_for_the_duration() {
    for address in ["172.31.0.9:8080", "[2001:db8::9]:80"] {
        let cookies = sent(&issued(&bonds(None, address, Some(BALANCER)), Followed::No));
        let found = |seconds| later(&cookies, seconds, |visitor| visitor.target("blue", &BALANCER));
        assert_eq!(found(0), Some(target(address)));
        assert_eq!(found(59), Some(target(address)));
        assert_eq!(found(60), None);
    }
}

#[test]
fn a_cookie_counts_for_its_group_only() {
    let cookies = sent(&issued(&bonds(None, "172.31.0.9:80", Some(BALANCER)), Followed::No));
    assert_eq!(later(&cookies, 0, |visitor| visitor.target("green", &BALANCER)), None);
    assert_eq!(later("AWSALB=x", 0, |visitor| visitor.target("blue", &BALANCER)), None);
}

#[test]
fn the_cookie_for_other_sites_counts_alone() {
    let issued = issued(&bonds(None, "172.31.0.9:80", Some(BALANCER)), Followed::No);
    let found = later(&sent(&issued[1..]), 0, |visitor| visitor.target("blue", &BALANCER));
    assert_eq!(found, Some(target("172.31.0.9:80")));
}

#[test]
fn cookies_look_like_those_of_aws() {
    let bonds = bonds(None, "172.31.0.9:80", Some(BALANCER));
    let plain = issued(&bonds, Followed::No);
    let value = plain[0].strip_prefix("AWSALB=").unwrap().split(';').next().unwrap();
    assert_eq!(value.len(), 128);
    let rest = "Expires=Fri, 27 Nov 2026 08:18:58 GMT; Path=/";
    assert_eq!(plain[0], format!("AWSALB={value}; {rest}"));
    assert_eq!(plain[1], format!("AWSALBCORS={value}; {rest}; SameSite=None"));
    let secure = bonds.cookies(&Issue { seal: &seal(), now: NOW, secure: true }, Followed::No);
    assert!(secure[0].ends_with("Path=/"), "{secure:?}");
    assert!(secure[1].ends_with("Path=/; SameSite=None; Secure"), "{secure:?}");
}

#[test]
fn an_applications_cookie_begins_a_stay_and_both_cookies_continue_it() {
    let mut bonds = bonds(None, "172.31.0.9:80", Some(application()));
    let names = |cookies: &[String]| -> Vec<String> {
        cookies.iter().map(|set| set.split('=').next().unwrap().to_owned()).collect()
    };
    let without = issued(&bonds, Followed::No);
    assert_eq!(names(&without), APPLICATION);
    assert!(without.iter().all(|cookie| cookie.contains("=_remove_; ")), "{without:?}");
    let with = issued(&bonds, Followed::Yes);
    let removed = with.iter().filter(|cookie| cookie.contains("=_remove_; ")).count();
    assert_eq!((names(&with).as_slice(), removed), (&APPLICATION.map(str::to_owned)[..], 3));
    let found = |cookies: &str, seconds| {
        later(cookies, seconds, |visitor| visitor.target("blue", &application()))
    };
    let ours = sent(&with);
    assert_eq!(found(&ours, 0), None, "the application's own cookie is missing");
    assert_eq!(found(&format!("session=1; {ours}"), 0), Some(target("172.31.0.9:80")));
    assert_eq!(found(&format!("session=1; {ours}"), 60), None);
    // A stay that a cookie led to is renewed by every answer.
    bonds.target.as_mut().unwrap().known = true;
    assert!(!issued(&bonds, Followed::No)[0].contains("_remove_"));
}

#[test]
fn a_client_stays_with_its_group_for_the_duration() {
    let bonds = bonds(Some(Duration::from_secs(30)), "172.31.0.9:80", None);
    let issued = issued(&bonds, Followed::No);
    assert!(issued[0].starts_with("AWSALBTG=") && issued[1].starts_with("AWSALBTGCORS="));
    let found = |seconds| later(&sent(&issued), seconds, |visitor| visitor.group());
    assert_eq!(found(29).as_deref(), Some("blue"));
    assert_eq!(found(30), None);
}

#[test]
fn nothing_is_said_where_nobody_stays() {
    assert!(Bonds::default().is_empty());
    assert_eq!(issued(&Bonds::default(), Followed::Yes), Vec::<String>::new());
}
