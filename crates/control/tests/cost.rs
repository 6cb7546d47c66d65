//! Work follows the change: what happens to one service makes nobody else decide anything.

use model::{Pace, Span};
use testkit::{Sim, build};
use world::Service;

/// A region with services of two tasks behind target groups of their own, all steady.
fn region(services: usize) -> Sim {
    let mut sim = Sim::new(1, Pace::REAL);
    sim.put([build::definition("web:1").into(), build::definition("web:2").into()]);
    for number in 0..services {
        let name = format!("web-{number}");
        let group = build::group(&name);
        let (balancer, listener) = build::balancer(&name, &group.arn);
        let load_balancers = build::registered_in(&group.arn);
        sim.put([group.into(), balancer.into(), listener.into()]);
        let service = build::service(&name, "web:1");
        sim.create(Service { desired_count: 2, load_balancers, ..service });
    }
    sim.advance(Span::minutes(5));
    assert!(sim.world.services.iter().all(|service| service.steady_since.is_some()));
    sim
}

/// How many decisions a change of the first service leads to in a region.
fn decisions(services: usize, change: impl Fn(&mut Sim)) -> u64 {
    let mut sim = region(services);
    let before = sim.decisions;
    change(&mut sim);
    sim.advance(Span::minutes(10));
    sim.decisions - before
}

fn check(change: impl Fn(&mut Sim)) {
    let (alone, among_many) = (decisions(1, &change), decisions(40, &change));
    assert!(alone > 10, "the change has an effect: {alone}");
    assert_eq!(among_many, alone);
}

#[test]
fn a_lost_task_concerns_its_own_service() {
    check(|sim| {
        let task = sim.task("web-0", 1).expect("it was started");
        sim.stop(&task);
    });
}

#[test]
fn a_deployment_concerns_its_own_service() {
    check(|sim| {
        sim.update("web-0", testkit::sim::Deploy::IfChanged, |service| {
            service.definition = build::key("web:2");
        });
    });
}

#[test]
fn a_region_at_rest_decides_nothing() {
    let mut sim = region(20);
    let before = sim.decisions;
    sim.advance(Span::minutes(60));
    assert_eq!(sim.decisions, before);
}
