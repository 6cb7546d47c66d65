use super::super::of;
use super::change;
use gateway::{Change, Routes};
use model::{Pace, Place, Span, Timestamp};
use std::collections::BTreeMap;
use world::balancer::{Forward, RuleKey, WeightedGroup};
use world::target::TargetCheck;
use world::{
    Action, Draft, Listener, LoadBalancer, Row, RowKey, Rule, Tags, Target, TargetGroup, TargetKey,
    TargetState, Vpc, World,
};

const NOW: Timestamp = Timestamp::from_seconds(0);

fn pace() -> Pace {
    Pace::new(1.0).unwrap()
}

/// A World, the routes that a gateway was told so far, and how much it was told last.
struct Told {
    world: World,
    routes: Routes,
    last: (usize, usize),
}

impl Told {
    fn new() -> Self {
        let place = Place { region: "eu-west-1".into(), account: "000000000000".into() };
        let vpc = Vpc::default_of(&place, [127, 31]);
        Self { world: World::empty(place, vpc), routes: Routes::default(), last: (0, 0) }
    }

    /// Commits what `edit` does; what the gateway is told makes all of the routes.
    fn commit(&mut self, edit: impl FnOnce(&mut Draft)) {
        let mut draft = Draft::of(&self.world);
        edit(&mut draft);
        let committed = draft.commit();
        let told = change((&self.world, &committed.world), &committed.touched, pace());
        self.last = (told.listeners.len(), told.groups.len());
        let Change { listeners, groups } = told;
        follow(&mut self.routes.listeners, listeners);
        follow(&mut self.routes.groups, groups);
        self.world = committed.world;
        assert_eq!(self.routes, of(&self.world, pace()));
    }
}

fn follow<T>(entries: &mut BTreeMap<String, T>, change: BTreeMap<String, Option<T>>) {
    for (id, value) in change {
        match value {
            Some(value) => drop(entries.insert(id, value)),
            None => drop(entries.remove(&id)),
        }
    }
}

fn balancer() -> LoadBalancer {
    LoadBalancer {
        arn: "lb".into(),
        name: "lb".to_owned(),
        dns_name: "lb.elb.localhost".to_owned(),
        scheme: "internal".to_owned(),
        subnets: Vec::new(),
        security_groups: Vec::new(),
        ip_address_type: "ipv4".to_owned(),
        active_at: NOW,
        attributes: BTreeMap::new(),
        created_at: NOW,
        tags: Tags::new(),
    }
}

fn forward(group: &str) -> Vec<Action> {
    let groups = vec![WeightedGroup { group: group.into(), weight: 1 }];
    vec![Action::Forward(Forward { groups, stickiness_seconds: None })]
}

fn listener(arn: &str, group: &str) -> Listener {
    Listener {
        arn: arn.into(),
        load_balancer: "lb".into(),
        protocol: "HTTP".to_owned(),
        port: 80,
        default_actions: forward(group),
        order: None,
        default_rule: "default".into(),
        ssl_policy: None,
        certificates: Vec::new(),
        attributes: BTreeMap::new(),
        local_port: None,
        tags: Tags::new(),
    }
}

fn rule(listener: &str, priority: u32, group: &str) -> Rule {
    Rule {
        key: RuleKey { listener: listener.into(), priority },
        arn: format!("rule-{priority}").as_str().into(),
        conditions: Vec::new(),
        actions: forward(group),
        order: None,
        tags: Tags::new(),
    }
}

fn group(arn: &str) -> TargetGroup {
    TargetGroup {
        arn: arn.into(),
        name: arn.to_owned(),
        protocol: "HTTP".to_owned(),
        protocol_version: "HTTP1".to_owned(),
        port: 80,
        vpc: None,
        target_type: "ip".to_owned(),
        ip_address_type: "ipv4".to_owned(),
        check: TargetCheck {
            protocol: "HTTP".to_owned(),
            port: None,
            path: "/".to_owned(),
            interval: Span::seconds(30),
            timeout: Span::seconds(5),
            healthy_threshold: 5,
            unhealthy_threshold: 2,
            matcher: "200".to_owned(),
        },
        attributes: BTreeMap::new(),
        created_at: NOW,
        tags: Tags::new(),
    }
}

fn target(group: &str, number: usize) -> Target {
    let id = format!("127.31.{}.{}", number / 250, number % 250 + 1);
    Target::registered(TargetKey { group: group.into(), id, port: 80 }, None, None, NOW)
}

/// A load balancer with a listener, and a rule and a group of ten targets for each of so many.
fn served(services: u32) -> Told {
    let mut told = Told::new();
    told.commit(|draft| {
        draft.put(balancer());
        draft.put(listener("l", "g0"));
        for number in 0..services {
            let arn = format!("g{number}");
            draft.put(group(&arn));
            draft.put(rule("l", number + 1, &arn));
            (0..10).for_each(|at| draft.put(target(&arn, at)));
        }
    });
    told
}

#[test]
fn a_target_concerns_its_group_alone_however_many_there_are() {
    for services in [1, 300] {
        let mut told = served(services);
        told.commit(|draft| {
            let drains = TargetState::Draining { until: NOW };
            draft.put(target("g0", 3).turned(drains, NOW));
        });
        assert_eq!(told.last, (0, 1), "{services}");
        let key = target("g0", 4).key;
        told.commit(|draft| draft.remove(RowKey::Target(key)));
        assert_eq!(told.last, (0, 1), "{services}");
    }
}

#[test]
fn what_does_not_concern_the_load_balancer_changes_nothing() {
    let mut told = served(3);
    told.commit(|_| {});
    assert_eq!(told.last, (0, 0));
}

#[test]
fn a_rule_concerns_its_listener_and_the_groups_that_it_led_and_leads_to() {
    let mut told = served(50);
    told.commit(|draft| draft.put(rule("l", 7, "g20")));
    // Its old group, `g6`, is in use no more.
    assert_eq!(told.last, (1, 2));
    assert!(!told.routes.groups.contains_key("g6"));
    told.commit(|draft| draft.remove(RowKey::Rule(rule("l", 7, "").key)));
    assert_eq!(told.last, (1, 1));
}

#[test]
fn a_listener_that_goes_takes_the_groups_along_that_only_it_led_to() {
    let mut told = served(2);
    told.commit(|draft| draft.put(listener("other", "g1")));
    told.commit(|draft| {
        for priority in [1, 2] {
            draft.remove(RowKey::Rule(RuleKey { listener: "l".into(), priority }));
        }
        draft.remove(RowKey::Listener("l".into()));
    });
    assert_eq!(told.last, (1, 2));
    assert_eq!(told.routes.groups.keys().collect::<Vec<_>>(), ["g1"]);
}

#[test]
fn a_load_balancers_attribute_concerns_its_listeners() {
    let mut told = served(20);
    told.commit(|draft| {
        let mut changed = balancer();
        changed.attributes.insert("idle_timeout.timeout_seconds".to_owned(), "5".to_owned());
        draft.put(Row::from(changed));
    });
    assert_eq!(told.last, (1, 0));
}
