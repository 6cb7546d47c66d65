//! Static sites: their files go into the bucket of the environment's stack, and on to the next one.

use super::between::{Between, Fault, Which};
use super::environment::as_aws;
use crate::stage::cluster::{list, text};
use crate::stage::processes::{signal, until_gone};
use crate::stage::region::NAME;
use crate::stage::scratch::number;
use crate::stage::web::Ask;
use crate::stage::{Driver, Line, PATIENCE, Region, Scratch, eventually};
use api::Service::{CloudFormation, S3};
use rustix::process::Signal;
use serde_json::{Value as Json, json};

/// An application that is a site and nothing else. A line makes its files: one of each name in `names`.
#[derive(Debug)]
struct Site {
    region: Region,
    folder: Scratch,
    app: String,
    endpoint: String,
}

// === impl Site ===

impl Site {
    async fn new() -> Self {
        let region = Region::shared(Driver::Process).await;
        let app = format!("site{}", number());
        let folder = Scratch::new();
        let manifest = format!(
            "app: {app}
services:
  web:
    static:
      directory: dist
      build: rm -rf dist && cp -r pages dist
      fallback: index.html
environments:
  staging: {{region: {NAME}}}
  prod: {{region: {NAME}}}
"
        );
        folder.write("neargate.yml", &manifest);
        folder.write("pages/index.html", "<script src=/assets/index-3f2a9c1b.js></script>");
        folder.write("pages/assets/index-3f2a9c1b.js", "document.title = 'one'");
        folder.write("pages/about.html", "about");
        let endpoint = region.endpoint();
        Self { region, folder, app, endpoint }
    }

    fn neargate(&self, words: &str) -> Line {
        let line = self.region.neargate(words).within(self.folder.path()).patience(PATIENCE);
        as_aws(line, &self.endpoint)
    }

    async fn bucket(&self, environment: &str) -> String {
        let request = json!({ "StackName": format!("{}-{environment}", self.app) });
        let found = self.region.call(CloudFormation, "DescribeStacks", request).await;
        let outputs = list(found["Stacks"][0]["Outputs"].clone());
        let bucket = outputs.iter().find(|output| output["OutputKey"] == "WebBucket");
        text(&bucket.expect("the stack tells its bucket")["OutputValue"])
    }

    /// The files of an environment.
    async fn files(&self, environment: &str) -> Vec<String> {
        let request = json!({ "Bucket": self.bucket(environment).await });
        let found = self.region.call(S3, "ListObjectsV2", request).await;
        list(found["Contents"].clone()).iter().map(|object| text(&object["Key"])).collect()
    }

    async fn head(&self, environment: &str, key: &str) -> Json {
        let bucket = self.bucket(environment).await;
        self.region.call(S3, "HeadObject", json!({ "Bucket": bucket, "Key": key })).await
    }
}

const SCRIPT: &str = "assets/index-3f2a9c1b.js";

/// From nothing: the stack, then the files as browsers want them. A second time nothing is left to do, a
/// change sends what changed, and what tried pages are made of goes on as it is.
#[tokio::test]
async fn files_go_up_change_and_go_on() {
    let site = Site::new().await;
    let planned = site.neargate("plan --env staging").run().await.expect(0);
    planned.says("add AWS::CloudFront::Distribution WebDistribution");
    let first = site.neargate("deploy --yes --env staging").run().await.expect(0);
    first.says("upload 3 of 3 files of web, 74 bytes");
    assert_eq!(site.files("staging").await, ["about.html", SCRIPT, "index.html"]);
    let url = first.out.trim().to_owned();
    let route = Ask::get(&format!("{url}/a/route")).send().await;
    assert_eq!((route.status, route.header("x-frame-options")), (200, "DENY"));
    assert!(route.body.contains(SCRIPT), "{}", route.body);
    let page = site.head("staging", "index.html").await;
    assert_eq!(page["ContentType"], "text/html; charset=utf-8");
    assert_eq!(page["CacheControl"], "no-cache");
    let script = site.head("staging", SCRIPT).await;
    assert_eq!(script["ContentType"], "text/javascript; charset=utf-8");
    assert_eq!(script["CacheControl"], "public, max-age=31536000, immutable");

    let again = site.neargate("deploy --yes --env staging").run().await.expect(0);
    again.says("there is nothing to change");
    site.folder.write("pages/index.html", "<script src=/assets/index-9c1b3f2a.js></script>");
    site.folder.write("pages/assets/index-9c1b3f2a.js", "document.title = 'two'");
    std::fs::remove_file(site.folder.path().join("pages/about.html")).unwrap();
    std::fs::remove_file(site.folder.path().join(format!("pages/{SCRIPT}"))).unwrap();
    let second = site.neargate("deploy --yes --env staging").run().await.expect(0);
    second.says("upload 2 of 2 files of web, ");
    second.says("    about.html: removed");
    second.says(&format!("{url}/ answers 200"));
    let expected = [SCRIPT, "assets/index-9c1b3f2a.js", "index.html"];
    assert_eq!(site.files("staging").await, expected, "open pages ask for the old script");

    site.folder.write("pages/.env", "KEY=secret");
    let refused = site.neargate("deploy --yes --env staging").run().await.expect(3);
    refused.says("`.env` is in it, which is not for everybody to read");

    let made = site.neargate("deploy --yes --env prod").run().await.expect(3);
    made.says("no finished site of web");
    std::fs::remove_file(site.folder.path().join("pages/.env")).unwrap();
    site.folder.write("pages/index.html", "not tried");
    site.neargate("deploy --yes --env prod").run().await.expect(0);
    let promoted = site.neargate("promote --from staging --to prod --yes").run().await.expect(0);
    promoted.says("upload 2 of 3 files of web");
    assert_eq!(site.files("prod").await, expected);
    let tags = [site.head("staging", "index.html").await, site.head("prod", "index.html").await];
    assert_eq!(tags[0]["ETag"], tags[1]["ETag"]);
}

/// Killed while the last file is on its way, the next run sends that and no other.
#[tokio::test]
async fn a_killed_upload_goes_on_with_what_is_missing() {
    let mut site = Site::new().await;
    let between = Between::new(&site.endpoint, Which::All("index.html", Fault::Hung)).await;
    site.endpoint.clone_from(&between.endpoint);
    let mut child = site.neargate("deploy --yes --env prod").spawn();
    eventually("the deployment comes to its last file", PATIENCE, async || {
        between.spoilt().contains("index.html").then_some(())
    })
    .await;
    let pid = child.id().expect("it runs");
    signal(pid, Signal::KILL);
    child.wait().await.unwrap();
    until_gone(&[pid], PATIENCE).await;
    assert!(!site.files("prod").await.contains(&"index.html".to_owned()));

    site.endpoint = site.region.endpoint();
    let resumed = site.neargate("deploy --yes --env prod").run().await.expect(0);
    resumed.says("upload 1 of 3 files of web");
    assert_eq!(site.files("prod").await, ["about.html", SCRIPT, "index.html"]);
}
