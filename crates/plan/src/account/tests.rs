//! Each rule with an account that lacks something, and with one that only nearly does.

use super::*;
use crate::observed::{Group, Role};
use api::ec2::{IpPermission, IpRange, Route, RouteTableAssociation, UserIdGroupPair};
use api::elbv2::TargetGroup;
use manifest::{parse, resolve};

const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/api/1";
const ROLE: &str = "arn:aws:iam::000000000000:role/execution";
const SUBNETS: [&str; 2] = ["subnet-00000001", "subnet-00000002"];

/// A routed service in `prod` that reads a key of a secret.
fn wish() -> Wish {
    let text = format!(
        "app: shop
services:
  api:
    image: 000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop:7
    port: 3000
    health: /health
    secrets: {{KEY: 'secretsmanager:shop:key', URL: 'ssm:/shop/url'}}
    deploy: {{alarms: [errors]}}
environments:
  prod:
    region: eu-west-1
    domain: api.example.com
    foundation:
      existing:
        cluster: team
        subnets: [{}, {}]
        security_groups: [sg-00000001]
        execution_role: {ROLE}
        certificate: arn:aws:acm:eu-west-1:000000000000:certificate/1
        target_groups: {{api: '{GROUP}'}}
",
        SUBNETS[0], SUBNETS[1]
    );
    let (manifest, found) = parse(&text);
    let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
    let (resolved, found) = resolve(&manifest, "prod", &Default::default());
    let manifest = resolved.unwrap_or_else(|| panic!("{found:?}"));
    Wish { manifest, artifacts: BTreeMap::new() }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn observed() -> Observed {
    let group = TargetGroup {
        target_group_arn: text(GROUP),
        load_balancer_arns: Some(vec!["balancer".to_owned()]),
        target_type: text("ip"),
        vpc_id: text("vpc-1"),
        health_check_protocol: text("HTTP"),
        health_check_path: text("/health"),
        health_check_port: text("traffic-port"),
        ..Default::default()
    };
    let role = Role { arn: ROLE.to_owned(), ..Role::default() };
    Observed {
        account: "000000000000".to_owned(),
        region: "eu-west-1".to_owned(),
        cluster: Some(api::ecs::Cluster::default()),
        subnets: SUBNETS.map(str::to_owned).to_vec(),
        vpc: text("vpc-1"),
        security_groups: vec!["sg-00000001".to_owned()],
        roles: [("shop-prod-execution".to_owned(), role)].into(),
        groups: [("shop-prod-api".to_owned(), Group { group, ..Group::default() })].into(),
        parameters: ["/shop/url".to_owned()].into(),
        secrets: [("shop".to_owned(), "arn:secret".to_owned())].into(),
        alarms: [("errors".to_owned(), "OK".to_owned())].into(),
        ..Observed::default()
    }
}

fn route(gateway: &str, nat: Option<&str>) -> Route {
    Route {
        destination_cidr_block: text("0.0.0.0/0"),
        gateway_id: text(gateway).filter(|it| !it.is_empty()),
        nat_gateway_id: nat.map(str::to_owned),
        state: text("active"),
        ..Default::default()
    }
}

fn rule(from: i32, to: i32, group: &str) -> IpPermission {
    let pair = UserIdGroupPair { group_id: text(group), ..Default::default() };
    IpPermission {
        ip_protocol: text("tcp"),
        from_port: Some(from),
        to_port: Some(to),
        user_id_group_pairs: Some(vec![pair]),
        ..Default::default()
    }
}

const TRUST: &str = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22sts%3AAssumeRole%22%2C\
    %22Principal%22%3A%7B%22Service%22%3A%5B%22ecs-tasks.amazonaws.com%22%5D%7D%7D%7D";

/// An account that has everything.
fn account() -> Account {
    let subnet = |id: &str, zone: &str| Subnet {
        subnet_id: text(id),
        vpc_id: text("vpc-1"),
        availability_zone: text(zone),
        ..Default::default()
    };
    let main = RouteTableAssociation { main: Some(true), ..Default::default() };
    let table = RouteTable {
        route_table_id: text("rtb-1"),
        vpc_id: text("vpc-1"),
        associations: Some(vec![main]),
        routes: Some(vec![route("", Some("nat-1"))]),
        ..Default::default()
    };
    let anywhere = IpPermission { ip_protocol: text("-1"), ..Default::default() };
    let group = SecurityGroup {
        group_id: text("sg-00000001"),
        ip_permissions: Some(vec![rule(3000, 3000, "sg-front")]),
        ip_permissions_egress: Some(vec![anywhere]),
        ..Default::default()
    };
    let certificate = CertificateDetail {
        status: text("ISSUED"),
        domain_name: text("example.com"),
        subject_alternative_names: Some(vec!["*.example.com".to_owned()]),
        ..Default::default()
    };
    let subnets = vec![subnet(SUBNETS[0], "a"), subnet(SUBNETS[1], "b")];
    Account {
        network: Some(Network { subnets, tables: vec![table], endpoints: Vec::new() }),
        security_groups: Some(vec![group]),
        balancers: [("api".to_owned(), ["sg-front".to_owned()].into())].into(),
        trust: [(ROLE.to_owned(), TRUST.to_owned())].into(),
        denied: Vec::new(),
        keys: [("shop".to_owned(), keys(r#"{"key": "x"}"#))].into(),
        certificate: Some(certificate),
        images: [("api".to_owned(), Some(vec!["linux/amd64".to_owned()]))].into(),
        processors: Some(6.0),
        unasked: Vec::new(),
    }
}

/// What is lacking once something was changed, as `rule path: what`.
fn lacking(change: impl FnOnce(&mut Observed, &mut Account)) -> Vec<String> {
    let (mut observed, mut account) = (observed(), account());
    change(&mut observed, &mut account);
    let lacks = judge(&wish(), &observed, &account).into_iter();
    lacks.map(|lack| format!("{} {}: {}", lack.rule, lack.path, lack.what)).collect()
}

fn network(account: &mut Account) -> &mut Network {
    account.network.as_mut().unwrap()
}

fn routes(account: &mut Account, route: Option<Route>) {
    network(account).tables[0].routes = Some(route.into_iter().collect());
}

fn endpoints(account: &mut Account, services: &[&str]) {
    let endpoint = |service: &&str| VpcEndpoint {
        service_name: Some(format!("com.amazonaws.eu-west-1.{service}")),
        state: text("available"),
        vpc_endpoint_type: text(if *service == "s3" { "Gateway" } else { "Interface" }),
        route_table_ids: (*service == "s3").then(|| vec!["rtb-1".to_owned()]),
        ..Default::default()
    };
    network(account).endpoints = services.iter().map(endpoint).collect();
}

#[test]
fn an_account_that_has_everything_lacks_nothing() {
    assert_eq!(lacking(|_, _| {}), [""; 0]);
    // What could not be asked is no finding, and is said elsewhere.
    let silent = Account { unasked: vec!["why not".to_owned()], ..Account::default() };
    assert_eq!(judge(&wish(), &observed(), &silent), []);
    let remarks = remarks(&wish(), &silent);
    assert_eq!(remarks[0], "why not");
    assert!(remarks[1].contains("needs 0.50 vCPU at most"), "{remarks:?}");
}

#[test]
fn what_a_deployment_would_refuse_is_passed_on_with_its_place() {
    let found = lacking(|observed, _| observed.cluster = None);
    assert_eq!(
        found,
        ["aws-missing foundation.existing.cluster: there is no cluster `team` in eu-west-1"]
    );
    let found = lacking(|observed, _| observed.parameters.clear());
    assert_eq!(found, ["aws-missing services.api.secrets.URL: there is no parameter `/shop/url`"]);
}

#[test]
fn a_subnet_needs_a_way_out_or_endpoints() {
    let gateway = || Some(route("igw-1", None));
    let found = lacking(|_, account| routes(account, gateway()));
    assert!(
        found[0].contains("aws-network foundation.existing.subnets.0: subnet-00000001 leads out")
    );
    assert_eq!(found.len(), 2);
    let public = lacking(|observed, account| {
        observed.public = true;
        routes(account, gateway());
    });
    assert_eq!(public, [""; 0]);
    let dead = Route { state: text("blackhole"), ..route("", Some("nat-1")) };
    for route in [None, Some(dead)] {
        let found = lacking(|_, account| routes(account, route));
        let lacks = ".ecr.api, .ecr.dkr, .s3, .logs, .secretsmanager, .ssm";
        assert!(
            found[0].ends_with(&format!("and its VPC has no endpoint for {lacks}")),
            "{found:?}"
        );
    }
    let all = ["ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager", "ssm"];
    let some = |services: &[&str]| {
        lacking(|_, account| {
            routes(account, None);
            endpoints(account, services);
        })
    };
    assert_eq!(some(&all), [""; 0]);
    assert!(some(&all[..5])[0].ends_with("no endpoint for .ssm"));
    let elsewhere = lacking(|_, account| {
        routes(account, None);
        endpoints(account, &all);
        network(account).endpoints[2].route_table_ids = None;
    });
    assert!(elsewhere[0].ends_with("no endpoint for .s3"), "{elsewhere:?}");
}

#[test]
fn the_table_of_a_subnet_is_its_own_before_the_main_one() {
    let found = lacking(|_, account| {
        let network = network(account);
        let own = RouteTableAssociation { subnet_id: text(SUBNETS[1]), ..Default::default() };
        let table = RouteTable { associations: Some(vec![own]), ..Default::default() };
        network.tables.push(table);
    });
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("aws-network foundation.existing.subnets.1: no route leads out"));
    let found = lacking(|_, account| {
        network(account).subnets[1].availability_zone = text("a");
    });
    assert!(found[0].contains("all subnets of the tasks are in a"), "{found:?}");
}

#[test]
fn security_groups_let_the_load_balancer_in_and_tasks_out() {
    let change = |inbound: Option<IpPermission>, outbound: Option<IpPermission>| {
        lacking(|_, account| {
            let group = &mut account.security_groups.as_mut().unwrap()[0];
            group.ip_permissions = Some(inbound.into_iter().collect());
            group.ip_permissions_egress = Some(outbound.into_iter().collect());
        })
    };
    let https = || Some(rule(443, 443, "sg-other"));
    let closed = "aws-firewall foundation.existing.security_groups: no rule of sg-00000001 lets the \
                  load balancer in to port 3000 of service api";
    let by_range = IpPermission {
        ip_ranges: Some(vec![IpRange { cidr_ip: text("10.0.0.0/8"), ..Default::default() }]),
        user_id_group_pairs: None,
        ..rule(0, 65535, "")
    };
    let udp = IpPermission { ip_protocol: text("udp"), ..rule(3000, 3000, "sg-front") };
    for (inbound, is_closed) in [
        (None, true),
        (Some(rule(3000, 3000, "sg-other")), true),
        (Some(rule(3001, 4000, "sg-front")), true),
        (Some(udp), true),
        (Some(rule(2000, 3000, "sg-front")), false),
        (Some(by_range), false),
    ] {
        let found = change(inbound.clone(), https());
        assert_eq!(found.contains(&closed.to_owned()), is_closed, "{inbound:?}: {found:?}");
    }
    let found = change(Some(rule(3000, 3000, "sg-front")), Some(rule(80, 80, "x")));
    assert!(found[0].ends_with("no rule of sg-00000001 lets tasks out to port 443"), "{found:?}");
    // A load balancer without groups comes from addresses that nobody knows here.
    let found = lacking(|_, account| {
        account.balancers.clear();
        account.security_groups.as_mut().unwrap()[0].ip_permissions = None;
    });
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_role_is_trusted_to_tasks_and_to_nobody_else() {
    for (policy, is_trusted) in [
        (TRUST.replace("ecs-tasks", "ecs"), false),
        (TRUST.replace("Allow", "Deny"), false),
        (TRUST.replace("sts%3AAssumeRole", "sts%3ATagSession"), false),
        (TRUST.replace("sts%3AAssumeRole", "sts%3A%2A"), true),
        (String::new(), false),
    ] {
        let found =
            lacking(|_, account| drop(account.trust.insert(ROLE.to_owned(), policy.clone())));
        assert_eq!(found.is_empty(), is_trusted, "{policy}: {found:?}");
        let text =
            "aws-role-trust foundation.existing.execution_role: execution may not be taken on by";
        assert!(found.iter().all(|it| it.starts_with(text)), "{found:?}");
    }
}

#[test]
fn the_role_is_asked_for_all_that_it_does_and_what_it_may_not_is_said() {
    let asked = questions(&wish(), &observed());
    let shown: Vec<String> =
        asked.iter().map(|it| format!("{} {}", it.actions.join(" "), it.resource)).collect();
    assert_eq!(
        shown,
        [
            "ecr:GetAuthorizationToken *",
            "ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer ecr:BatchGetImage \
             arn:aws:ecr:eu-west-1:000000000000:repository/shop",
            "logs:CreateLogStream logs:PutLogEvents \
             arn:aws:logs:eu-west-1:000000000000:log-group:/shop/prod/api:*",
            "secretsmanager:GetSecretValue arn:secret",
            "ssm:GetParameters arn:aws:ssm:eu-west-1:000000000000:parameter/shop/url",
        ]
    );
    let last = asked.last().unwrap().clone();
    let denied = vec![("ssm:GetParameters".to_owned(), last.resource.clone())];
    let found = lacking(|_, account| {
        account.denied = vec![(asked[0].clone(), Vec::new()), (last, denied)];
    });
    assert_eq!(
        found,
        [
            "aws-role-permission services.api.secrets.URL: execution may not read URL of service api: \
          ssm:GetParameters is denied"
        ]
    );
}

#[test]
fn commands_need_a_role_that_lets_them_in() {
    let mut wish = wish();
    let lacks = |wish: &Wish, observed: &Observed| {
        let lacks = judge(wish, observed, &account());
        lacks.into_iter().map(|lack| format!("{}: {}", lack.path, lack.what)).collect::<Vec<_>>()
    };
    assert_eq!(lacks(&wish, &observed()), Vec::<String>::new());
    wish.manifest.environment.services.get_mut("api").unwrap().exec = Some(true);
    let without = "services.api.exec: service api lets commands in, and its tasks have no role";
    assert_eq!(lacks(&wish, &observed()), [without]);
    let mut observed = observed();
    let arn = "arn:aws:iam::000000000000:role/api".to_owned();
    let role = Role { arn: arn.clone(), ..Role::default() };
    observed.roles.insert(wish.names().task_role("api"), role);
    assert_eq!(lacks(&wish, &observed), Vec::<String>::new());
    let asked = questions(&wish, &observed);
    let question = asked.iter().find(|question| question.role == arn).unwrap();
    assert_eq!(question.purpose, "let commands into service api");
    assert_eq!((question.actions.len(), question.resource.as_str()), (4, "*"));
}

#[test]
fn a_key_of_a_secret_has_to_be_there() {
    for (text, expected) in [
        (r#"{"other": "x", "keys": 1}"#, "the secret `shop` has no key `key`"),
        ("x", "the secret `shop` is no JSON object, so it has no key `key`"),
        (r#""key""#, "the secret `shop` is no JSON object, so it has no key `key`"),
    ] {
        let found = lacking(|_, account| drop(account.keys.insert("shop".to_owned(), keys(text))));
        assert_eq!(found, [format!("aws-secret-key services.api.secrets.KEY: {expected}")]);
    }
}

#[test]
fn a_certificate_is_issued_for_the_domain() {
    let change = |status: &str, name: &str| {
        lacking(|_, account| {
            let certificate = account.certificate.as_mut().unwrap();
            certificate.status = text(status);
            certificate.subject_alternative_names = Some(vec![name.to_owned()]);
        })
    };
    let at = "aws-certificate foundation.existing.certificate: the certificate";
    assert_eq!(change("ISSUED", "api.example.com"), [""; 0]);
    assert_eq!(
        change("PENDING_VALIDATION", "*.example.com"),
        [format!("{at} is PENDING_VALIDATION, not ISSUED")]
    );
    for name in ["example.com", "*.api.example.com", "*.com", "api.example.org"] {
        assert_eq!(change("ISSUED", name), [format!("{at} does not hold for api.example.com")]);
    }
}

#[test]
fn an_image_is_there_and_for_the_processor_of_the_tasks() {
    let change = |platforms: Option<&[&str]>| {
        let platforms = platforms.map(|all| all.iter().map(|it| (*it).to_owned()).collect());
        lacking(|_, account| drop(account.images.insert("api".to_owned(), platforms)))
    };
    let image = "000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop:7";
    let at = "aws-image services.api.image:";
    assert_eq!(change(None), [format!("{at} the registry has no image {image}")]);
    assert_eq!(
        change(Some(&["linux/arm64"])),
        [format!("{at} the image is for linux/arm64, and tasks run on linux/amd64")]
    );
    assert_eq!(change(Some(&["linux/arm64", "linux/amd64"])), [""; 0]);
}

#[test]
fn a_target_group_fits_the_tasks_and_the_manifest() {
    let change = |change: fn(&mut TargetGroup)| {
        lacking(|observed, _| change(&mut observed.groups.get_mut("shop-prod-api").unwrap().group))
    };
    let at = "aws-target-group foundation.existing.target_groups.api: the";
    for (changed, expected) in [
        (
            change(|group| group.target_type = text("instance")),
            "targets of the group are of type instance, and tasks are of type ip",
        ),
        (
            change(|group| group.vpc_id = text("vpc-2")),
            "group is in vpc-2, and the tasks' subnets are in vpc-1",
        ),
        (
            change(|group| group.health_check_path = text("/")),
            "group asks for the health at /, and the manifest names /health",
        ),
        (
            change(|group| group.health_check_port = text("8080")),
            "group asks for the health at port 8080, and the service is at 3000",
        ),
    ] {
        assert_eq!(changed, [format!("{at} {expected}")]);
    }
    assert_eq!(change(|group| group.health_check_port = text("3000")), [""; 0]);
    assert_eq!(
        change(|group| {
            group.health_check_protocol = text("TCP");
            group.health_check_path = None;
        }),
        [""; 0]
    );
}

#[test]
fn an_alarm_that_fires_is_in_the_way() {
    let set = |state: &str| {
        let alarms = [("errors".to_owned(), state.to_owned())].into();
        lacking(|observed, _| observed.alarms = alarms)
    };
    assert_eq!(
        set("ALARM"),
        [
            "aws-alarm services.api.deploy.alarms: alarm errors is in ALARM, so no deployment is begun"
        ]
    );
    assert_eq!(set("INSUFFICIENT_DATA"), [""; 0]);
}

/// A task of a quarter of a processor, and a second one beside it while a version rolls out.
#[test]
fn a_rollout_needs_as_many_processors_as_the_account_may_have() {
    let with = |quota: f64, scale: &str| {
        let mut wish = wish();
        let service = wish.manifest.environment.services.get_mut("api").unwrap();
        if !scale.is_empty() {
            let text = format!("app: a\nservices: {{s: {{image: i, scale: {{{scale}}}}}}}\n");
            let (other, _) = parse(&text);
            let other = resolve(&other.unwrap(), "local", &Default::default()).0.unwrap();
            service.scale.clone_from(&other.environment.services["s"].scale);
        }
        let account = Account { processors: Some(quota), ..account() };
        let lacks = judge(&wish, &observed(), &account).into_iter();
        lacks.map(|lack| (lack.weight, lack.path, lack.what)).collect::<Vec<_>>()
    };
    assert_eq!(with(0.5, ""), [], "just enough");
    let what = "a rollout needs 0.50 vCPU at once, and the account may have 0.25 of Fargate";
    let path = "services.api.cpu".to_owned();
    assert_eq!(with(0.25, ""), [(Weight::Error, path.clone(), what.to_owned())]);
    let what = "a rollout at the end of scaling needs 5.00 vCPU at once, and the account may have 4 \
        of Fargate";
    assert_eq!(with(4.0, "max: 10"), [(Weight::Warning, path, what.to_owned())]);
    assert_eq!(with(5.0, "max: 10"), []);
}
