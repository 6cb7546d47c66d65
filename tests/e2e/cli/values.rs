//! Secrets that the region lacks come from the project's own files.

use super::project::{DEPLOYMENT, page};
use crate::stage::scratch::number;
use crate::stage::{Driver, Line, Region, Scratch};
use api::Service;
use serde_json::json;

const SERVER: &str = "require('http').createServer((q, s) => s.end(`${process.env.KEY} \
    ${process.env.TOKEN}`)).listen(process.env.PORT)";

struct Secretive {
    region: Region,
    folder: Scratch,
    app: String,
}

impl Secretive {
    async fn new() -> Self {
        let region = Region::shared(Driver::Process).await;
        let (app, folder) = (format!("app{}", number()), Scratch::new());
        folder.write("server.js", SERVER);
        folder.write(
            "neargate.yml",
            &format!(
                "app: {app}
services:
  web:
    image: example/web:1
    process: {{command: node server.js, files: [server.js]}}
    port: 3000
    secrets: {{KEY: \"ssm:/{app}/${{env}}/key\", TOKEN: \"secretsmanager:{app}/${{env}}:token\"}}
"
            ),
        );
        Self { region, folder, app }
    }

    fn neargate(&self, words: &str) -> Line {
        self.region.neargate(words).within(self.folder.path()).patience(DEPLOYMENT)
    }
}

#[tokio::test]
async fn what_is_missing_comes_from_dotenv_files_and_no_value_is_shown() {
    let project = Secretive::new().await;
    let app = &project.app;
    project.folder.write(".env", "KEY=from-env\nTOKEN='hunter2 #1'\n");
    project.folder.write(".env.local", "export KEY=\"from-local\" # this machine's\n");
    let up = project.neargate("up").run().await.expect(0);
    up.says(&format!("put ssm:/{app}/local/key: KEY from .env.local"));
    up.says(&format!("put secretsmanager:{app}/local: TOKEN from .env"));
    assert!(!up.err.contains("hunter2") && !up.err.contains("from-local"), "{}", up.err);
    assert_eq!(page(up.out.trim()).await, "from-local hunter2 #1");

    let name = json!({ "Filters": [{ "Key": "Name", "Values": [format!("/{app}/local/key")] }] });
    let found = project.region.call(Service::Ssm, "DescribeParameters", name).await;
    assert_eq!(found["Parameters"][0]["Type"], "SecureString");

    // What is there stays, whatever the file says by now.
    project.folder.write(".env.local", "KEY=another\n");
    let again = project.neargate("up").run().await.expect(0);
    assert_eq!(again.err.trim(), format!("✓ {app} is up"));
    assert_eq!(page(up.out.trim()).await, "from-local hunter2 #1");
    project.neargate("down").output().await;
}

#[tokio::test]
async fn what_is_missing_everywhere_is_told_before_anything_is_made() {
    let project = Secretive::new().await;
    project.folder.write(".env", "KEY=\n");
    let told = project.neargate("up").run().await.expect(3);
    let app = &project.app;
    told.says(&format!("services.web.secrets.KEY: there is no parameter `/{app}/local/key`"));
    told.says("put KEY=… into .env, or make it: eval \"$(neargate region env)\" && aws ssm");
    assert!(!told.err.contains("✓"), "{}", told.err);
}
