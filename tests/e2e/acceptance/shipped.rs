//! A system as its team would ship it: to an environment of its own, from nothing, through the region's
//! AWS endpoint alone. The database stands in the environment `local`, as an RDS would stand elsewhere.

use super::system::copy_sources;
use crate::cli::examples::FIRST_BUILD;
use crate::cli::project::remove_images;
use crate::ship::environment::as_aws;
use crate::stage::cluster::{list, text};
use crate::stage::region::NAME;
use crate::stage::scratch::number;
use crate::stage::web::Ask;
use crate::stage::{Driver, Line, Region, Scratch, binary, engine};
use serde_json::json;

/// What is added to the manifest: an environment, with the values of `local`.
const PROD: &str = "
  ship:
    region: REGION
    services:
      api:
        health: {path: /api/health, interval: 5s, timeout: 2s}
        drain: 0s
        secrets:
          DATABASE_URL: ssm:/APP/local/database-url
          DATABASE_CA: ssm:/APP/local/database-ca
";

struct Shipped {
    region: Region,
    folder: Scratch,
    app: String,
}

// === impl Shipped ===

impl Shipped {
    /// A copy of an example under a name of its own, its database up.
    async fn new(example: &str) -> Option<Self> {
        let what = format!("shipping {example}");
        if !engine::answers(&what) || !engine::has("postgres:15", &what).await {
            return None;
        }
        let region = Region::shared(Driver::Docker).await;
        let (folder, app) = (Scratch::new(), format!("ship{}", number()));
        copy_sources(&binary::root().join("examples").join(example), folder.path());
        folder.edit("neargate.yml", example, &app);
        let manifest = std::fs::read_to_string(folder.path().join("neargate.yml")).unwrap();
        let more = PROD.replace("REGION", NAME).replace("APP", &app);
        folder.write("neargate.yml", &(manifest + &more));
        let shipped = Self { region, folder, app };
        shipped.line("up").run().await.expect(0);
        Some(shipped)
    }

    fn line(&self, words: &str) -> Line {
        self.region.neargate(words).within(self.folder.path()).patience(FIRST_BUILD)
    }

    fn neargate(&self, words: &str) -> Line {
        as_aws(self.line(words).args("--env ship"), &self.region.endpoint())
    }
}

impl Drop for Shipped {
    fn drop(&mut self) {
        remove_images(&format!("neargate/{}-*", self.app));
        remove_images(&format!("localhost:*/{}/ship/api", self.app));
    }
}

/// Deployed, deployed again, changed, broken and brought back, removed.
#[tokio::test]
async fn portfolio_is_shipped() {
    let Some(portfolio) = Shipped::new("portfolio").await else { return };
    let first = portfolio.neargate("deploy --yes").run().await.expect(0);
    first.says(&format!("the stack {}-ship is CREATE_COMPLETE", portfolio.app));
    first.says("run `node dist/migrate.js` for service api");
    let url = format!("{}/api/health", first.out.trim());
    let health = Ask::get(&url).send().await;
    assert_eq!(health.json()["database"]["tls"], true, "{health:?}");
    portfolio.neargate("deploy --yes").run().await.expect(0).says("there is nothing to change");

    let manifest = |old: &str, new: &str| portfolio.folder.edit("neargate.yml", old, new);
    manifest("DATABASE_POOL: 10", "DATABASE_POOL: 9");
    portfolio.neargate("deploy --yes").run().await.expect(0).says("variable DATABASE_POOL changed");
    manifest(
        "        drain: 0s",
        "        drain: 0s\n        command: [node, -e, process.exit(3)]",
    );
    let broken = portfolio.neargate("deploy --yes").run().await.expect(1);
    broken.says("ECS rolled the deployment back to");
    assert_eq!(Ask::get(&url).send().await.status, 200, "the old version serves");
    let history = list(portfolio.neargate("history --json").json().await["deployments"].take());
    let verdicts: Vec<String> = history.iter().map(|it| text(&it["verdict"])).collect();
    assert_eq!(verdicts, ["rolled-back", "done", "done", "done"]);

    let gone = portfolio.neargate("destroy --yes --with-data").run().await.expect(0);
    gone.says(&format!("the stack {}-ship is gone", portfolio.app));
    let stack = json!({ "StackName": format!("{}-ship", portfolio.app) });
    let left = portfolio.region.try_call(api::Service::CloudFormation, "DescribeStacks", stack);
    assert_eq!(left.await.unwrap_err().code, "ValidationError");
    portfolio.line("down").run().await.expect(0);
}
