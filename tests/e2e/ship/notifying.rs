//! Who is told of deployments, and the commits that are tagged for them.

use super::environment::Shop;
use crate::stage::{Driver, Line, Region, engine};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value as Json, json};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A server that takes what webhooks are told, and refuses what comes to `/refuses`.
struct Listening {
    address: String,
    told: Arc<Mutex<Vec<(String, Json)>>>,
    door: JoinHandle<()>,
}

impl Listening {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let told: Arc<Mutex<Vec<(String, Json)>>> = Arc::default();
        let noted = Arc::clone(&told);
        let door = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let noted = Arc::clone(&noted);
                let answer = service_fn(move |request| answer(Arc::clone(&noted), request));
                let connection = hyper::server::conn::http1::Builder::new();
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), answer));
            }
        });
        Self { address, told, door }
    }

    /// What a path was told since the last time.
    fn take(&self, path: &str) -> Vec<Json> {
        let mut told = self.told.lock().unwrap();
        let (own, others) = told.drain(..).partition(|(at, _)| at == path);
        *told = others;
        own.into_iter().map(|(_, said): (String, Json)| said).collect()
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.door.abort();
    }
}

async fn answer(
    told: Arc<Mutex<Vec<(String, Json)>>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let status = match path.as_str() {
        "/refuses" => StatusCode::FORBIDDEN,
        _ => StatusCode::OK,
    };
    told.lock().unwrap().push((path, serde_json::from_slice(&body).unwrap()));
    Ok(Response::builder().status(status).body(Full::default()).unwrap())
}

/// Keeps an address where the manifest says.
async fn keep(shop: &Shop, name: &str, address: &str) {
    let put = json!({
        "Name": format!("/{}/{name}", shop.app), "Value": address, "Type": "SecureString",
        "Overwrite": true,
    });
    shop.region.call(api::Service::Ssm, "PutParameter", put).await;
}

async fn git(shop: &Shop, words: &str) -> String {
    let line = Line::new("git").args("-c user.name=Test -c user.email=test@example.com");
    let line = line.args(words).within(shop.folder.path()).env("HOME", shop.folder.path());
    line.output().await.trim().to_owned()
}

/// A deployment tells its start and its end, is none the worse for who does not listen, and tags the
/// commit that it brought.
#[tokio::test]
async fn a_deployment_is_told_of_and_its_commit_is_tagged() {
    if !engine::answers("telling of a deployment") {
        return;
    }
    let shop = Shop::new(&Region::shared(Driver::Docker).await, "").await;
    let listening = Listening::new().await;
    let notify = format!(
        "    region: us-east-1\n    notify: {{slack: 'ssm:/{0}/slack', webhook: 'ssm:/{0}/hook'}}\n",
        shop.app
    );
    shop.folder.edit("neargate.yml", "    region: us-east-1\n", &notify);
    keep(&shop, "slack", &format!("{}/slack?token=hush-9", listening.address)).await;
    keep(&shop, "hook", &format!("{}/hook", listening.address)).await;
    shop.neargate("deploy --yes --tag").run().await.expect(6).says("git rev-parse failed");
    git(&shop, "init --quiet").await;
    git(&shop, "add .").await;
    shop.neargate("deploy --yes --tag").run().await.expect(6).says("git rev-parse failed");
    git(&shop, "commit --quiet -m one").await;

    shop.neargate("deploy --yes --tag").run().await.expect(0).says("tagged as neargate/prod/1");
    let texts = listening.take("/slack");
    let begins = format!("{}: a deployment to prod begins\nweb: localhost:", shop.app);
    assert!(texts[0]["text"].as_str().unwrap().starts_with(&begins), "{texts:#?}");
    let runs = format!("{} runs in prod\n", shop.app);
    assert!(texts[1]["text"].as_str().unwrap().starts_with(&runs), "{texts:#?}");
    let told = listening.take("/hook");
    let events: Vec<&str> = told.iter().map(|it| it["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["start", "success"]);
    assert_eq!(told[1]["deployment"]["id"], shop.history().await[0]["id"]);

    shop.folder.edit("neargate.yml", "drain: 0s", "before: {command: node nowhere.js}");
    shop.folder.edit("neargate.yml", "VERSION: one", "VERSION: two");
    let changed = shop.neargate("deploy --yes --tag").run().await.expect(2);
    changed.says("there is something that is in none");
    git(&shop, "commit --quiet -a -m two").await;
    keep(&shop, "slack", &format!("{}/refuses?token=hush-9", listening.address)).await;
    keep(&shop, "hook", "nothing of the kind").await;
    let failed = shop.neargate("deploy --yes --tag").run().await.expect(1);
    failed.says("Slack was not told of the deployment's start: it answers 403 Forbidden");
    failed.says("the webhook was not told of the deployment's failure: what is kept there is no");
    assert!(!format!("{failed:?}").contains("hush-9"), "an address is shown: {failed:?}");
    let texts = listening.take("/refuses");
    let fails = format!("{}: the deployment to prod failed: failed\n", shop.app);
    assert!(texts[1]["text"].as_str().unwrap().starts_with(&fails), "{texts:#?}");
    assert_eq!(git(&shop, "tag --list").await, "neargate/prod/1");
    assert_eq!(git(&shop, "rev-parse neargate/prod/1").await, git(&shop, "rev-parse HEAD~1").await);
}
