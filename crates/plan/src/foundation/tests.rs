//! What a template holds, seen by its resources.

use super::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The template of an environment of a manifest.
fn template(environment: &str, text: &str) -> Value {
    let (manifest, found) = manifest::parse(text);
    let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
    let (resolved, found) = manifest::resolve(&manifest, environment, &BTreeMap::new());
    let resolved = resolved.unwrap_or_else(|| panic!("{found:?}"));
    foundation(&resolved, &Stand::default()).value()
}

const SHOP: &str = "
app: shop
services:
  api: {build: ., port: 3000, routes: [/api/*], health: /up, secrets: {KEY: ssm:/shop/key, URL: 'secretsmanager:shop/url:json'}}
  worker: {image: 'busybox:1', logs: {group: /shop/shared}}
environments:
  dev: {}
  prod: {domain: shop.example.com}
";

fn kinds(template: &Value) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for resource in template["Resources"].as_object().unwrap().values() {
        *kinds.entry(resource["Type"].as_str().unwrap()).or_default() += 1;
    }
    kinds
}

/// Every resource and parameter that a value refers to.
fn referred(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, held) in members {
                match (key.as_str(), held) {
                    ("Ref", Value::String(id)) => out.push(id.clone()),
                    ("Fn::GetAtt", Value::Array(path)) => {
                        out.push(path[0].as_str().unwrap().to_owned());
                    }
                    ("Fn::Sub", Value::String(text)) => {
                        let inner = text.split("${").skip(1);
                        out.extend(inner.map(|part| {
                            part.split(['}', '.']).next().unwrap_or_default().to_owned()
                        }));
                    }
                    _ => referred(held, out),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| referred(item, out)),
        _ => {}
    }
}

#[test]
fn everything_that_is_referred_to_is_there() {
    let paired = "deploy: {strategy: canary}";
    let with_site = "
app: shop
services:
  api: {build: ., port: 3000, routes: [/api/*], DEPLOY}
  web: {static: dist, routes: [/*]}
environments: {prod: {}}
";
    let site = with_site.replace("DEPLOY", paired);
    for (environment, text) in [("dev", SHOP), ("prod", SHOP), ("prod", &site)] {
        let template = template(environment, text);
        let mut ids = Vec::new();
        referred(&template, &mut ids);
        for resource in template["Resources"].as_object().unwrap().values() {
            let after = resource["DependsOn"].as_array().into_iter().flatten();
            ids.extend(after.map(|id| id.as_str().unwrap().to_owned()));
        }
        for id in ids.iter().filter(|id| !id.starts_with("AWS::")) {
            let known =
                ["Resources", "Parameters"].iter().any(|part| !template[part][id].is_null());
            assert!(known, "{id} is not in {template:#}");
        }
    }
}

#[test]
fn only_the_load_balancer_reaches_the_tasks() {
    let template = template("dev", SHOP);
    let tasks = &template["Resources"]["TasksSecurityGroup"]["Properties"];
    assert!(tasks["SecurityGroupIngress"].is_null());
    let rules = template["Resources"].as_object().unwrap().values();
    let inward: Vec<_> =
        rules.filter(|held| held["Type"] == "AWS::EC2::SecurityGroupIngress").collect();
    let [rule] = inward.as_slice() else { panic!("{inward:?}") };
    let from = &rule["Properties"]["SourceSecurityGroupId"]["Fn::GetAtt"][0];
    assert_eq!(from, "BalancerSecurityGroup");
    assert_eq!(rule["Properties"]["FromPort"], 3000);
}

#[test]
fn a_domain_brings_a_certificate_and_a_redirect() {
    let plain = template("dev", SHOP);
    assert_eq!(kinds(&plain).get("AWS::CertificateManager::Certificate"), None);
    let rule = &plain["Resources"]["ApiRule1"]["Properties"]["ListenerArn"]["Ref"];
    assert_eq!(rule, "HttpListener");
    let secure = template("prod", SHOP);
    let rule = &secure["Resources"]["ApiRule1"]["Properties"]["ListenerArn"]["Ref"];
    assert_eq!(rule, "HttpsListener");
    let redirect = &secure["Resources"]["HttpListener"]["Properties"]["DefaultActions"][0];
    assert_eq!(redirect["RedirectConfig"]["StatusCode"], "HTTP_301");
}

#[test]
fn only_production_is_kept_from_being_deleted() {
    for (environment, expected) in [("dev", "false"), ("prod", "true")] {
        let template = template(environment, SHOP);
        let attributes =
            &template["Resources"]["LoadBalancer"]["Properties"]["LoadBalancerAttributes"];
        let attributes = attributes.as_array().unwrap();
        let held = attributes.iter().find(|held| held["Key"] == "deletion_protection.enabled");
        assert_eq!(held.unwrap()["Value"], expected);
    }
}

#[test]
fn roles_can_do_what_the_manifest_needs() {
    let template = template("dev", SHOP);
    let role = &template["Resources"]["ExecutionRole"]["Properties"]["Policies"][0];
    let mut allowed = Vec::new();
    for statement in role["PolicyDocument"]["Statement"].as_array().unwrap() {
        allowed.push((statement["Action"].clone(), statement["Resource"].clone()));
    }
    let here = "${AWS::Region}:${AWS::AccountId}";
    let secret = format!("arn:${{AWS::Partition}}:secretsmanager:{here}:secret:shop/url-??????");
    let parameter = format!("arn:${{AWS::Partition}}:ssm:{here}:parameter/shop/key");
    let repository = json!([{ "Fn::GetAtt": ["ApiRepository", "Arn"] }]);
    let logs = json!([
        { "Fn::GetAtt": ["ApiLogGroup", "Arn"] },
        { "Fn::GetAtt": ["WorkerLogGroup", "Arn"] },
    ]);
    let pull = json!([
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer"
    ]);
    assert_eq!(
        allowed,
        [
            (json!("ecr:GetAuthorizationToken"), json!("*")),
            (pull, repository),
            (json!(["logs:CreateLogStream", "logs:PutLogEvents"]), logs),
            (json!("ssm:GetParameters"), json!([{ "Fn::Sub": parameter }])),
            (json!("secretsmanager:GetSecretValue"), json!([{ "Fn::Sub": secret }])),
        ]
    );
    let task = &template["Resources"]["ApiTaskRole"]["Properties"];
    assert!(task["Policies"].is_null() && task["ManagedPolicyArns"].is_null());
}

#[test]
fn a_role_lets_commands_in_where_they_are_wanted() {
    let words = "
app: shop
services:
  api: {build: ., exec: true}
  worker: {build: ., exec: false}
environments: {prod: {}}
";
    let template = template("prod", words);
    let policies = &template["Resources"]["ApiTaskRole"]["Properties"]["Policies"];
    let statement = &policies[0]["PolicyDocument"]["Statement"][0];
    let actions = [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ];
    assert_eq!(statement["Action"], json!(actions));
    assert_eq!(policies.as_array().unwrap().len(), 1);
    assert!(template["Resources"]["WorkerTaskRole"]["Properties"]["Policies"].is_null());
}

#[test]
fn what_exists_is_used_and_not_made() {
    let template = template(
        "prod",
        "
app: shop
services:
  api: {build: ., port: 3000}
environments:
  prod:
    foundation:
      existing:
        cluster: ours
        subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
        security_groups: [sg-0123456789abcdef0]
        execution_role: arn:aws:iam::000000000000:role/execution
        task_role: arn:aws:iam::000000000000:role/task
        target_groups: {api: 'arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/api/0123456789abcdef'}
        repositories: {api: 000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop/api}
",
    );
    let made: Vec<_> = kinds(&template).into_keys().collect();
    assert_eq!(
        made,
        [
            "AWS::CloudWatch::Alarm",
            "AWS::CloudWatch::Dashboard",
            "AWS::Logs::LogGroup",
            "AWS::SNS::Topic"
        ]
    );
    assert_eq!(template["Outputs"]["Cluster"]["Value"], "ours");
    assert_eq!(template["Parameters"]["Network"]["Type"], "AWS::EC2::VPC::Id");
}

#[test]
fn a_distribution_has_the_routes_that_name_no_host() {
    let template = template(
        "prod",
        "
app: shop
services:
  api: {build: ., port: 3000, routes: [/api/*, {host: admin.example.com, path: /admin}]}
  web: {static: dist, routes: [/*]}
environments: {prod: {}}
",
    );
    let config = &template["Resources"]["WebDistribution"]["Properties"]["DistributionConfig"];
    let behaviours = config["CacheBehaviors"].as_array().unwrap().iter();
    let paths: Vec<_> = behaviours.map(|held| held["PathPattern"].as_str().unwrap()).collect();
    assert_eq!(paths, ["/api/*"]);
}

#[test]
fn files_alone_need_no_network() {
    let words = "app: shop\nservices: {web: {static: dist}}\nenvironments: {prod: {}}\n";
    let template = template("prod", words);
    let made: Vec<_> = kinds(&template).into_keys().collect();
    assert_eq!(
        made,
        [
            "AWS::CloudFront::Distribution",
            "AWS::CloudFront::Function",
            "AWS::CloudFront::OriginAccessControl",
            "AWS::CloudFront::ResponseHeadersPolicy",
            "AWS::S3::Bucket",
            "AWS::S3::BucketPolicy"
        ]
    );
}

/// The distribution's configuration and the template, in an environment of these words.
fn site(environment: &str) -> (Value, Value) {
    let template = template(
        "prod",
        &format!(
            "
app: shop
services:
  api: {{build: ., port: 3000, routes: [/api/*]}}
  web: {{static: dist, routes: [/*]}}
environments: {{prod: {{domain: shop.example.com, {environment}}}}}
"
        ),
    );
    let config = &template["Resources"]["WebDistribution"]["Properties"]["DistributionConfig"];
    (config.clone(), template)
}

#[test]
fn the_domain_leads_to_the_site_where_its_certificate_may() {
    let (config, template) = site("region: us-east-1");
    assert_eq!(config["Aliases"], json!(["shop.example.com"]));
    let own = json!({ "Ref": "Certificate" });
    assert_eq!(config["ViewerCertificate"]["AcmCertificateArn"], own);
    assert_eq!(config["Origins"][1]["DomainName"]["Fn::GetAtt"][0], "LoadBalancer");
    // `Host` goes along: the load balancer's certificate is for the domain.
    let all = "216adef6-5c7f-47e4-b989-5493eafa07d3";
    assert_eq!(config["CacheBehaviors"][0]["OriginRequestPolicyId"], all);
    assert_eq!(template["Outputs"]["WebUrl"]["Value"], "https://shop.example.com");

    let arn = "arn:aws:acm:us-east-1:000000000000:certificate/1";
    let named =
        format!("region: eu-west-1, foundation: {{existing: {{site_certificate: '{arn}'}}}}");
    let (config, _) = site(&named);
    assert_eq!(config["ViewerCertificate"]["AcmCertificateArn"], arn);

    let (config, template) = site("region: eu-west-1");
    assert!(config["Aliases"].is_null() && config["ViewerCertificate"].is_null());
    assert_eq!(config["Origins"][1]["DomainName"], "shop.example.com");
    assert!(template["Outputs"]["WebUrl"]["Value"]["Fn::Sub"].is_string());
}

#[test]
fn what_a_site_can_not_have_is_said() {
    let check = |environment: &str, routes: &str| {
        let text = format!(
            "
app: shop
services: {{web: {{static: dist, routes: [{routes}]}}}}
environments: {{prod: {{{environment}}}}}
"
        );
        let (manifest, found) = manifest::parse(&text);
        let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
        remarks(&manifest::resolve(&manifest, "prod", &BTreeMap::new()).0.unwrap())
    };
    let none: [String; 0] = [];
    assert_eq!(check("domain: a.example.com, region: us-east-1", "/*"), none);
    assert_eq!(check("region: eu-west-1", "/*"), none);
    let [own] = check("domain: a.example.com, region: eu-west-1", "/*").try_into().unwrap();
    assert!(own.contains("under CloudFront's own name, not a.example.com"), "{own}");
    let [routes] = check("region: us-east-1", "/docs/*").try_into().unwrap();
    assert!(routes.contains("its routes have no effect"), "{routes}");
    let arn = "arn:aws:acm:us-east-1:000000000000:certificate/1";
    let existing = format!("foundation: {{existing: {{site_certificate: '{arn}'}}}}");
    let [unused] = check(&existing, "/*").try_into().unwrap();
    assert!(unused.contains("has no effect without `domain`"), "{unused}");
}

#[test]
fn the_same_manifest_gives_the_same_template() {
    assert_eq!(template("prod", SHOP).to_string(), template("prod", SHOP).to_string());
}

#[test]
fn two_target_groups_stay_two_whatever_the_strategy_is() {
    let (manifest, _) = manifest::parse(SHOP);
    let resolved = manifest::resolve(&manifest.expect("it parses"), "dev", &BTreeMap::new()).0;
    let resolved = resolved.expect("it resolves");
    let second = |stand: &Stand| {
        let template = foundation(&resolved, stand).value();
        let resources = &template["Resources"];
        (!resources["ApiTargetGroup2"].is_null(), !resources["InfrastructureRole"].is_null())
    };
    assert_eq!(second(&Stand::default()), (false, false));
    let held = BTreeMap::from([("api".to_owned(), "arn:second".to_owned())]);
    assert_eq!(second(&Stand { second_groups: held, ..Stand::default() }), (true, true));
}

#[test]
fn a_budget_adds_up_what_bears_the_environments_tags() {
    let dev = "budget: {monthly: 50, alert: [80, 100], notify: [a@b.ch, c@d.ch]}";
    let template = template("dev", &SHOP.replace("dev: {}", &format!("dev: {{{dev}}}")));
    let budget = &template["Resources"]["Budget"]["Properties"];
    let tags = |key: &str, value: &str| json!({ "Tags": { "Key": key, "Values": [value] } });
    let filter = [tags("neargate:app", "shop"), tags("neargate:environment", "dev")];
    assert_eq!(budget["Budget"]["FilterExpression"], json!({ "And": filter }));
    assert_eq!(budget["Budget"]["BudgetLimit"]["Amount"], 50);
    let told = budget["NotificationsWithSubscribers"].as_array().unwrap();
    let thresholds: Vec<&Value> = told.iter().map(|it| &it["Notification"]["Threshold"]).collect();
    assert_eq!(thresholds, [80, 100]);
    assert_eq!(told[0]["Subscribers"].as_array().map(Vec::len), Some(2));
}
