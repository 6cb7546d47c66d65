//! Clients that stay where they were (reference §4.6).

use crate::caller::{Answer, Caller};
use crate::stage::{Stage, forward, group};
use crate::target::Target;
use gateway::{Action, Forward, Health, Stickiness, TargetUse};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// A client with a jar.
struct Visitor {
    caller: Caller,
    jar: Vec<(String, String)>,
}

impl Visitor {
    async fn new(stage: &Stage) -> Self {
        Self { caller: stage.call().await, jar: Vec::new() }
    }

    async fn get(&mut self) -> Answer {
        let pairs: Vec<_> =
            self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = if pairs.is_empty() { String::new() } else { pairs.join("; ") };
        self.caller.head(&format!("GET / HTTP/1.1\nHost: a\nCookie: {cookies}")).await;
        let answer = self.caller.answer().await;
        for set in set_cookies(&answer) {
            let (name, rest) = set.split_once('=').unwrap();
            self.jar.retain(|(known, _)| known != name);
            self.jar.push((name.to_owned(), rest.split(';').next().unwrap().to_owned()));
        }
        answer
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        self.jar.iter().find_map(|(known, value)| (known == name).then_some(value.as_str()))
    }
}

fn set_cookies(answer: &Answer) -> Vec<&str> {
    let headers = answer.head.lines().filter_map(|line| line.split_once(": "));
    let sets = headers.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    sets.map(|(_, value)| value).collect()
}

async fn three_targets(answers: [&str; 3]) -> [Target; 3] {
    let [a, b, c] = answers;
    [Target::answering(a).await, Target::answering(b).await, Target::answering(c).await]
}

const PLAIN: [&str; 3] = [
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nc",
];

/// The three, healthy, behind a listener whose clients stay in this way.
async fn stage_of(targets: &[Target; 3], stickiness: Stickiness) -> Stage {
    let mut stage = Stage::with(&targets.each_ref().map(|target| target.address));
    for target in targets {
        stage.until_health(target.address, Health::Healthy).await;
    }
    stage.app().stickiness = Some(stickiness);
    stage.apply();
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_stays_with_its_target_by_the_load_balancers_cookie() {
    let targets = three_targets(PLAIN).await;
    let stage = stage_of(&targets, Stickiness::Balancer { lasting: HOUR }).await;
    let mut visitor = Visitor::new(&stage).await;
    let first = visitor.get().await;
    let cookies = set_cookies(&first);
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    assert!(cookies[0].starts_with("AWSALB=") && cookies[0].ends_with("; Path=/"), "{cookies:?}");
    assert!(cookies[1].starts_with("AWSALBCORS=") && cookies[1].ends_with("; SameSite=None"));
    let value = visitor.cookie("AWSALB").unwrap().to_owned();
    for _ in 0..10 {
        assert_eq!(visitor.get().await.body, first.body);
    }
    assert_ne!(visitor.cookie("AWSALB"), Some(value.as_str()), "each answer has another value");
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(Visitor::new(&stage).await.get().await.body);
    }
    others.sort();
    assert_eq!(others, ["a", "b", "c"], "clients without a cookie go around");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_whose_target_drains_gets_another_one_for_good() {
    let targets = three_targets(PLAIN).await;
    let mut stage = stage_of(&targets, Stickiness::Balancer { lasting: HOUR }).await;
    let mut visitor = Visitor::new(&stage).await;
    let first = visitor.get().await.body;
    let place = PLAIN.iter().position(|answer| answer.ends_with(&first)).unwrap();
    let gone = targets[place].address;
    stage.app().targets.insert(gone.into(), TargetUse::Draining);
    stage.apply();
    let second = visitor.get().await.body;
    assert_ne!(second, first);
    stage.app().targets.insert(gone.into(), TargetUse::InService);
    stage.apply();
    for _ in 0..5 {
        assert_eq!(visitor.get().await.body, second, "it stays with the second one");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_ends_with_its_duration() {
    let targets = three_targets(PLAIN).await;
    let stage = stage_of(&targets, Stickiness::Balancer { lasting: Duration::ZERO }).await;
    let mut visitor = Visitor::new(&stage).await;
    let mut bodies = Vec::new();
    for _ in 0..3 {
        bodies.push(visitor.get().await.body);
    }
    bodies.sort();
    assert_eq!(bodies, ["a", "b", "c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_stays_as_long_as_it_has_the_applications_cookie() {
    let with_cookie = |body: char| {
        format!(
            "HTTP/1.1 200 OK\r\nset-cookie: session=7; HttpOnly\r\nContent-Length: 1\r\n\r\n{body}"
        )
    };
    let answers = ['a', 'b', 'c'].map(with_cookie);
    let targets = three_targets(answers.each_ref().map(String::as_str)).await;
    let way = Stickiness::Application { cookie: "session".to_owned(), lasting: HOUR };
    let stage = stage_of(&targets, way).await;
    let mut visitor = Visitor::new(&stage).await;
    let first = visitor.get().await.body;
    assert!(visitor.cookie("AWSALBAPP-0").is_some_and(|value| value != "_remove_"));
    assert_eq!(visitor.cookie("AWSALBAPP-1"), Some("_remove_"));
    for _ in 0..5 {
        assert_eq!(visitor.get().await.body, first);
    }
    let mut bodies = Vec::new();
    for _ in 0..3 {
        visitor.jar.retain(|(name, _)| name != "session");
        bodies.push(visitor.get().await.body);
    }
    bodies.sort();
    assert_eq!(bodies, ["a", "b", "c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_applications_cookie_nobody_stays() {
    let targets = three_targets(PLAIN).await;
    let way = Stickiness::Application { cookie: "session".to_owned(), lasting: HOUR };
    let stage = stage_of(&targets, way).await;
    let mut visitor = Visitor::new(&stage).await;
    let mut bodies = Vec::new();
    for _ in 0..3 {
        bodies.push(visitor.get().await.body);
        assert_eq!(visitor.cookie("AWSALBAPP-0"), Some("_remove_"));
    }
    bodies.sort();
    assert_eq!(bodies, ["a", "b", "c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_stays_with_its_group_whatever_the_weights_become() {
    let (blue, green) = (Target::saying("blue").await, Target::saying("green").await);
    let mut stage = Stage::with(&[]);
    stage.routes.groups.insert("blue".to_owned(), group(&[blue.address]));
    stage.routes.groups.insert("green".to_owned(), group(&[green.address]));
    let sticky = |action: Action| match action {
        Action::Forward(forward) => Action::Forward(Forward { stickiness: Some(HOUR), ..forward }),
        other => other,
    };
    stage.web().default = sticky(forward(&[("blue", 1), ("green", 0)]));
    stage.apply();
    let mut visitor = Visitor::new(&stage).await;
    assert_eq!(visitor.get().await.body, "blue");
    assert!(visitor.cookie("AWSALBTG").is_some() && visitor.cookie("AWSALBTGCORS").is_some());
    stage.web().default = sticky(forward(&[("blue", 0), ("green", 1)]));
    stage.apply();
    for _ in 0..3 {
        assert_eq!(visitor.get().await.body, "blue");
    }
    assert_eq!(Visitor::new(&stage).await.get().await.body, "green");
    stage.web().default = sticky(forward(&[("green", 1)]));
    stage.apply();
    assert_eq!(visitor.get().await.body, "green", "a group that is gone keeps nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_cookie_leads_nowhere_in_particular() {
    let targets = three_targets(PLAIN).await;
    let stage = stage_of(&targets, Stickiness::Balancer { lasting: HOUR }).await;
    let mut visitor = Visitor::new(&stage).await;
    let mut bodies = Vec::new();
    for _ in 0..3 {
        visitor.jar = vec![("AWSALB".to_owned(), "c2VhbGVk".to_owned())];
        bodies.push(visitor.get().await.body);
    }
    bodies.sort();
    assert_eq!(bodies, ["a", "b", "c"]);
}
