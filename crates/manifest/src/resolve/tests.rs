use super::*;
use crate::{
    Breaker, Command, Condition, HealthCommand, Platform, Retention, SecretReference, Service,
    Strategy,
};
use model::{FargateSize, Span};

const SMALLEST: &str = "app: shop\nservices:\n  api:\n    build: .\n    port: 3000\n";

/// One environment of a manifest that has no mistakes.
#[track_caller]
fn resolved(source: &str, environment: &str) -> Resolved {
    let (manifest, diagnostics) = parse(source);
    assert_eq!(diagnostics, []);
    let variables = BTreeMap::from([("TAG".to_owned(), "v1".to_owned())]);
    let (resolved, diagnostics) = resolve(&manifest.unwrap(), environment, &variables);
    assert_eq!(diagnostics, []);
    resolved.unwrap()
}

/// The service `api` of the local environment, with these lines.
#[track_caller]
fn api(lines: &str) -> Service {
    let source = format!("app: shop\nservices:\n  api:\n    image: nginx\n    port: 80\n{lines}");
    resolved(&source, LOCAL).environment.services["api"].clone()
}

#[test]
fn the_smallest_manifest_has_defaults_for_production() {
    let Resolved { app, name, environment, .. } = resolved(SMALLEST, LOCAL);
    assert_eq!((app.as_str(), name.as_str()), ("shop", "local"));
    let api = &environment.services["api"];
    assert_eq!(api.build.as_ref().unwrap().context, ".");
    assert_eq!(api.size(), FargateSize::new(256, 512).unwrap());
    assert_eq!(api.desired_count(), 1);
    assert_eq!(api.platform, Platform::Amd64);
    assert_eq!((api.drain, api.stop_timeout), (Span::seconds(30), Span::seconds(30)));
    assert_eq!((api.health.path.as_str(), api.health.grace), ("/", Span::seconds(60)));
    assert!(api.health.codes.contains(200) && !api.health.codes.contains(302));
    assert_eq!((api.deploy.strategy, api.deploy.breaker), (Strategy::Rolling, Breaker::Rollback));
    assert_eq!((api.deploy.min, api.deploy.max, api.deploy.bake()), (100, 200, Span::ZERO));
    assert_eq!(api.logs.retention, Retention::Days(30));
    assert_eq!(api.logs.group, "/shop/local/api");
    assert_eq!(api.routes()[0].path, ["/*"]);
}

#[test]
fn a_size_needs_one_half_only() {
    for (lines, cpu, memory) in [
        ("    cpu: 512\n", 512, 1024),
        ("    cpu: 1 vCPU\n", 1024, 2048),
        ("    memory: 4GB\n", 512, 4096),
        ("    memory: 1024\n", 256, 1024),
        ("    cpu: 0.5\n    memory: 3 GB\n", 512, 3072),
    ] {
        assert_eq!(api(lines).size(), FargateSize::new(cpu, memory).unwrap(), "{lines}");
    }
}

#[test]
fn every_word_of_the_braces_is_replaced() {
    let lines = "
    env: {A: '${app}-${env}-${service}', B: '$${app}'}
    logs: {group: \"/x/${TAG}\"}
";
    let api = api(lines);
    assert_eq!(api.env["A"], "shop-local-api");
    assert_eq!(api.env["B"], "${app}");
    assert_eq!(api.logs.group, "/x/v1");
}

#[test]
fn numbers_and_words_in_env_stay_as_they_are_written() {
    let api = api("    env: {A: 1.10, B: yes, C: TRUE, D: 0x10, E: \"\"}\n");
    let values: Vec<&str> = api.env.values().map(String::as_str).collect();
    assert_eq!(values, ["1.10", "yes", "TRUE", "0x10", ""]);
}

#[test]
fn short_forms_stand_for_their_mappings() {
    let lines = "
    health: /up
    before: npx prisma migrate deploy
    deploy: canary
    logs: 7
    healthcheck: curl -f x
    ulimits: {nofile: 1000}
    sidecars: {otel: otel}
    wait_for: {otel: start}
";
    let api = api(lines);
    assert_eq!(api.health.path, "/up");
    assert_eq!(api.before.unwrap().command.words(), ["npx", "prisma", "migrate", "deploy"]);
    assert_eq!(api.deploy.strategy, Strategy::Canary);
    assert_eq!(api.deploy.bake(), Span::minutes(5));
    assert_eq!(api.logs.retention, Retention::Days(7));
    assert_eq!(api.healthcheck.unwrap().command, HealthCommand::Shell("curl -f x".to_owned()));
    assert_eq!(api.ulimits.nofile.unwrap().soft, 1000);
    assert_eq!(api.sidecars["otel"].image.to_string(), "otel:latest");
    assert_eq!(api.wait_for["otel"], Condition::Start);
}

#[test]
fn a_scale_without_a_target_follows_the_cpu() {
    let target = |lines: &str| api(lines).scale.unwrap().cpu_target();
    assert_eq!(target("    scale: {max: 3}\n"), Some(70));
    assert_eq!(target("    scale: {max: 3, cpu: 50}\n"), Some(50));
    assert_eq!(target("    scale: {max: 3, memory: 80}\n"), None);
    assert_eq!(api("    scale: {min: 2, max: 3}\n").desired_count(), 2);
}

#[test]
fn an_environment_changes_what_it_names_and_nothing_else() {
    let source = "
app: shop
services:
  api:
    {build: ., port: 3000, routes: [/api], health: /up, env: {A: a, B: b}, count: 1,
     secrets: {K: 'ssm:/${env}/k'}}
  web: {image: nginx, port: 80, routes: [/web]}
environments:
  prod: {region: eu-west-1, services: {api: {count: 3, env: {B: }, health: {grace: 2m}}, web: }}
";
    let local = resolved(source, LOCAL).environment;
    let prod = resolved(source, "prod").environment;
    assert_eq!(local.services.len(), 2);
    assert_eq!((local.region, prod.region.as_deref()), (None, Some("eu-west-1")));
    assert_eq!(prod.services.keys().collect::<Vec<_>>(), ["api"]);
    let api = &prod.services["api"];
    assert_eq!((api.count, api.health.path.as_str()), (Some(3), "/up"));
    assert_eq!(api.health.grace, Span::minutes(2));
    assert_eq!(api.env.keys().collect::<Vec<_>>(), ["A"]);
    let name = "/prod/k".to_owned();
    assert_eq!(api.secrets["K"], SecretReference::Parameter { name });
}

#[test]
fn only_a_service_that_is_alone_takes_all_requests_unasked() {
    let routes = |services: &str| {
        let resolved = resolved(&format!("app: shop\nservices:\n{services}"), LOCAL);
        let services = resolved.environment.services.into_values();
        services.map(|service| service.routes().len()).collect::<Vec<_>>()
    };
    assert_eq!(routes("  a: {image: x, port: 1}\n  b: {image: x}\n"), [1, 0]);
    assert_eq!(
        routes("  a: {image: x, port: 1}\n  b: {image: x, port: 2, routes: [/b]}\n"),
        [0, 1]
    );
    assert_eq!(routes("  a: {image: x, port: 1, routes: []}\n  b: {image: x, port: 2}\n"), [0, 0]);
}

#[test]
fn positions_lead_to_where_a_value_can_be_changed() {
    let source = "
x-shared: &shared {LOG_LEVEL: info}
app: shop
services:
  api:
    build: .
    port: 3000
    health: /up
    env: *shared
environments:
  prod: {services: {api: {port: 4000}}}
";
    let line = |environment: &str, path: &str| {
        let positions = resolved(source, environment).positions;
        (positions.get(path).map(|at| at.value.line), positions.nearest(path).map(|at| at.line))
    };
    assert_eq!(line(LOCAL, "services.api.port"), (Some(7), Some(7)));
    assert_eq!(line("prod", "services.api.port"), (Some(11), Some(11)));
    assert_eq!(line(LOCAL, "services.api.health.path"), (Some(8), Some(8)));
    assert_eq!(line(LOCAL, "services.api.health.grace"), (None, Some(8)));
    assert_eq!(line(LOCAL, "services.api.env.LOG_LEVEL"), (Some(2), Some(2)));
    assert_eq!(line(LOCAL, "region"), (None, None));
}

#[test]
fn local_is_always_there_and_comes_first() {
    let environments = |source: &str| parse(source).0.unwrap().environments().to_vec();
    assert_eq!(environments(SMALLEST), ["local"]);
    let more = format!("{SMALLEST}environments:\n  prod:\n  local:\n  dev:\n");
    assert_eq!(environments(&more), ["local", "prod", "dev"]);
}

#[test]
fn a_command_is_a_list_of_words_or_a_line_of_them() {
    let command =
        |text: &str| -> Command { api(&format!("    command: {text}\n")).command.unwrap() };
    assert_eq!(command("node 'a b'"), command("[node, a b]"));
}

#[test]
fn a_manifest_of_450_kilobytes_is_read() {
    let lines = "    image: example/service:1\n    count: 2\n";
    let service = |number: usize| {
        let env = format!("    env: {{LOG_LEVEL: info, NUMBER: {number}}}\n");
        format!("  service-{number}:\n{lines}{env}")
    };
    let services: String = (0..5000).map(service).collect();
    let source = format!("app: shop\nservices:\n{services}");
    assert!(source.len() > 450 << 10, "{}", source.len());
    assert_eq!(resolved(&source, LOCAL).environment.services.len(), 5000);
}
