//! What stands behind the services comes up before them, by the same command.

use super::project::{DEPLOYMENT, page};
use crate::stage::cluster::{list, text};
use crate::stage::command::Finished;
use crate::stage::scratch::number;
use crate::stage::{Driver, Line, PATIENCE, Region, Scratch, eventually, on_both_drivers};
use api::Service;
use serde_json::{Value as Json, json};

const KEEPER: &str = include_str!("../../apps/keeper.js");
const READER: &str = include_str!("../../apps/reader.js");

/// An application that needs another one beside it.
struct Backed {
    region: Region,
    folder: Scratch,
    app: String,
}

impl Backed {
    fn new(region: &Region) -> Self {
        let app = format!("app{}", number());
        let folder = Scratch::new();
        let in_container = |program: &str, word: &str| {
            // In a manifest `${` is the manifest's own.
            json!(["node", "-e", program.replace("${", "$${"), word])
        };
        let manifest = format!(
            "app: {app}
services:
  reader:
    {}
    port: 3000
    before: {}
    secrets:
      KEEPER_URL: ssm:/{app}/${{env}}/keeper-url
      CERTIFICATE: secretsmanager:{app}/${{env}}/keeper:certificate
environments:
  local:
    backing:
      keeper:
        image: node:22-alpine
        command: {}
        run: node keeper.js
        port: 6500
        env: {{SALT: grain}}
        gives:
          ssm:/{app}/local/keeper-url: http://${{address}}
          secretsmanager:{app}/local/keeper: {{certificate: \"${{output.CERTIFICATE}}\"}}
",
            match region.driver() {
                Driver::Docker => {
                    format!("image: node:22-alpine\n    command: {}", in_container(READER, "serve"))
                }
                Driver::Process => "process: {command: node reader.js}".to_owned(),
            },
            match region.driver() {
                Driver::Docker => in_container(READER, "migrate"),
                Driver::Process => json!(["node", "reader.js", "migrate"]),
            },
            in_container(KEEPER, "keep"),
        );
        folder.write("neargate.yml", &manifest);
        folder.write("keeper.js", KEEPER);
        folder.write("reader.js", READER);
        Self { region: region.clone(), folder, app }
    }

    fn neargate(&self, words: &str) -> Line {
        self.region.neargate(words).within(self.folder.path()).patience(DEPLOYMENT)
    }

    async fn up(&self) -> Finished {
        self.neargate("up").run().await.expect(0)
    }

    /// The ids of the tasks of a service that are to run.
    async fn tasks(&self, service: &str) -> Vec<String> {
        let cluster = format!("{}-local", self.app);
        let request =
            json!({ "cluster": cluster, "serviceName": service, "desiredStatus": "RUNNING" });
        let tasks = self.region.ecs("ListTasks", request).await["taskArns"].take();
        list(tasks).iter().map(text).collect()
    }

    async fn status(&self) -> Vec<Json> {
        list(self.neargate("status --json").json().await["services"].take())
    }
}

on_both_drivers!(comes_up_before_the_services_and_is_followed);

async fn comes_up_before_the_services_and_is_followed(region: &Region) {
    let project = Backed::new(region);
    let up = project.up().await;
    let first = up.err.find("create service backing_keeper").expect(&up.err);
    let then = up.err.find("create service reader").expect(&up.err);
    assert!(first < then, "{}", up.err);
    assert_eq!(page(up.out.trim()).await, "kept, \"one\\ntwo grain\"");

    let status = project.status().await;
    assert_eq!(status[0]["name"], "backing_keeper");
    assert!(status.iter().all(|service| service["verdict"] == "done"), "{status:?}");

    let again = project.up().await;
    assert_eq!(again.err.trim(), format!("✓ {} is up", project.app), "a healthy one stays");

    // Another task has another memory: what ran before the service is run again.
    let [old] = &project.tasks("backing_keeper").await[..] else { panic!("there is one task") };
    let request = json!({ "cluster": format!("{}-local", project.app), "task": old });
    region.ecs("StopTask", request).await;
    eventually("the keeper has a new task", PATIENCE, async || {
        let tasks = project.tasks("backing_keeper").await;
        (!tasks.is_empty() && !tasks.contains(old)).then_some(())
    })
    .await;
    let anew = project.up().await;
    anew.says("a backing service was started anew: its data is new");
    assert_eq!(page(anew.out.trim()).await, "kept, \"one\\ntwo grain\"");

    project.neargate("down").output().await;
    let gone = project.status().await;
    assert!(gone.iter().all(|service| service["status"] == "ABSENT"), "{gone:?}");
}

/// Somebody's own value rules, and is said to.
#[tokio::test]
async fn a_value_that_somebody_put_there_stays() {
    let region = Region::shared(Driver::Process).await;
    let project = Backed::new(&region);
    let name = format!("{}/local/keeper", project.app);
    let own = json!({
        "Name": name,
        "SecretString": "{\"certificate\": \"own\"}",
        "ClientRequestToken": "0123456789abcdef0123456789abcdef",
    });
    region.call(Service::SecretsManager, "CreateSecret", own).await;
    let up = project.up().await;
    up.says(&format!("secretsmanager:{name} has a value that somebody put there"));
    assert_eq!(page(up.out.trim()).await, "kept, \"own\"");
    project.neargate("down").output().await;
}

#[tokio::test]
async fn one_that_can_not_be_run_is_refused_with_what_is_lacking() {
    let region = Region::shared(Driver::Process).await;
    let project = Backed::new(&region);
    let manifest = std::fs::read_to_string(project.folder.path().join("neargate.yml")).unwrap();
    project.folder.write("neargate.yml", &manifest.replace("        run: node keeper.js\n", ""));
    let refused = project.neargate("up").run().await.expect(2);
    refused.says("backing service keeper has no `run`, and the region runs processes");
    refused.says("say what runs in the foreground");
}

/// It fails as a service does: with the cause and what it wrote.
#[tokio::test]
async fn one_that_does_not_come_up_says_why() {
    let region = Region::shared(Driver::Process).await;
    let project = Backed::new(&region);
    project.folder.write("keeper.js", "require('no-such-module')");
    let failed = project.neargate("up").run().await.expect(1);
    failed.says("backing_keeper");
    failed.says("no-such-module");
    assert!(!failed.err.contains("create service reader"), "{}", failed.err);
    project.neargate("down").output().await;
}
