//! Something that stands between a client and an endpoint: it lets calls through, spoils some of
//! them, and remembers what was asked.

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There were too many.
    Throttled,
    /// The service failed.
    Failed,
    /// The credentials are too old.
    Expired,
    /// The call is made, and its answer lost.
    Lost,
    /// The answer comes late.
    Slow,
    /// No answer comes, and the call is not made.
    Hung,
}

/// Which calls are spoilt.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which {
    /// None.
    None,
    /// The first call of each operation.
    FirstOfEach(Fault),
    /// Every call of this operation.
    All(&'static str, Fault),
    /// None, but what is asked and told in JSON is changed on its way.
    Bent(Bend),
}

/// What becomes of a call's words, by its operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bend {
    pub(crate) asked: fn(&str, &mut Json),
    pub(crate) told: fn(&str, &mut Json),
}

/// One who stands between.
#[derive(Debug)]
pub(crate) struct Between {
    pub(crate) endpoint: String,
    state: Arc<State>,
    door: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    to: String,
    which: Which,
    asked: Mutex<Vec<String>>,
    json: Mutex<Vec<(String, String)>>,
    spoilt: Mutex<BTreeSet<String>>,
    client: Client<HttpConnector, Full<Bytes>>,
}

// === impl Between ===

impl Between {
    /// Stands before an endpoint.
    pub(crate) async fn new(to: &str, which: Which) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let client = Client::builder(TokioExecutor::new()).build_http();
        let (asked, json, spoilt) = Default::default();
        let state = Arc::new(State { to: to.to_owned(), which, asked, json, spoilt, client });
        let door = tokio::spawn(serve(listener, Arc::clone(&state)));
        Self { endpoint, state, door }
    }

    /// The operations that were asked for, in their order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.state.asked.lock().unwrap().clone()
    }

    /// The requests of the JSON protocols: targets and bodies.
    pub(crate) fn json_requests(&self) -> Vec<(String, String)> {
        self.state.json.lock().unwrap().clone()
    }

    /// The operations of which a call was spoilt.
    pub(crate) fn spoilt(&self) -> BTreeSet<String> {
        self.state.spoilt.lock().unwrap().clone()
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.door.abort();
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let answer = service_fn(|request| state.answer(request));
            let connection = hyper::server::conn::http1::Builder::new();
            connection.serve_connection(TokioIo::new(stream), answer).await.ok();
        });
    }
}

// === impl State ===

impl State {
    /// An error ends the connection without an answer.
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, String> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(|why| why.to_string())?.to_bytes();
        let operation = operation(&parts, &body);
        // What is no call of AWS's API is the region's own.
        let is_call = [http::Method::POST, http::Method::PUT].contains(&parts.method);
        let fault = if is_call { self.fault(&operation) } else { None };
        let target = parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok());
        if let Some(target) = target {
            let text = String::from_utf8_lossy(&body).into_owned();
            self.json.lock().unwrap().push((target.to_owned(), text));
        }
        self.asked.lock().unwrap().push(operation.clone());
        let bend = match self.which {
            Which::Bent(bend) => Some(bend),
            Which::None | Which::FirstOfEach(_) | Which::All(..) => None,
        };
        let pass = async || {
            let asked = bent(bend.map(|it| it.asked), &operation, body.clone());
            let mut request = Request::from_parts(parts.clone(), Full::new(asked));
            request.headers_mut().remove(http::header::CONTENT_LENGTH);
            let path = parts.uri.path_and_query().map_or("/", |it| it.as_str());
            *request.uri_mut() = format!("{}{path}", self.to).parse::<Uri>().unwrap();
            let answer = self.client.request(request).await.map_err(|why| why.to_string())?;
            let (mut parts, body) = answer.into_parts();
            let body = body.collect().await.map_err(|why| why.to_string())?.to_bytes();
            let told = bent(bend.map(|it| it.told), &operation, body);
            parts.headers.remove(http::header::CONTENT_LENGTH);
            Ok(Response::from_parts(parts, Full::new(told)))
        };
        let form = parts.headers.get("x-amz-target").map_or(Form::Xml, |_| Form::Json);
        match fault {
            None => pass().await,
            Some(Fault::Throttled) => Ok(refusal(form, 400, "Throttling", "Rate exceeded")),
            Some(Fault::Failed) => Ok(refusal(form, 503, "ServiceUnavailable", "busy")),
            Some(Fault::Expired) => Ok(refusal(form, 400, "ExpiredToken", "too old")),
            Some(Fault::Lost) => {
                pass().await?;
                Err("the answer is lost".to_owned())
            }
            Some(Fault::Slow) => {
                tokio::time::sleep(Duration::from_secs(1)).await;
                pass().await
            }
            Some(Fault::Hung) => std::future::pending().await,
        }
    }

    fn fault(&self, operation: &str) -> Option<Fault> {
        match self.which {
            Which::FirstOfEach(fault) => {
                self.spoilt.lock().unwrap().insert(operation.to_owned()).then_some(fault)
            }
            Which::All(one, fault) if one == operation => {
                self.spoilt.lock().unwrap().insert(operation.to_owned());
                Some(fault)
            }
            Which::None | Which::All(..) | Which::Bent(_) => None,
        }
    }
}

/// Words as they are once they were changed; what is no JSON stays.
fn bent(change: Option<fn(&str, &mut Json)>, operation: &str, words: Bytes) -> Bytes {
    let (Some(change), Ok(mut held)) = (change, serde_json::from_slice::<Json>(&words)) else {
        return words;
    };
    change(operation, &mut held);
    Bytes::from(held.to_string())
}

/// The operation that a request asks for, in any of AWS's protocols. S3's have none that can be
/// told: a file's name stands for what is done with it.
fn operation(parts: &http::request::Parts, body: &[u8]) -> String {
    let target = parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    if let Some((_, name)) = target.and_then(|target| target.split_once('.')) {
        return name.to_owned();
    }
    let body = String::from_utf8_lossy(body);
    let mut pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    let action = pairs.find(|(key, _)| *key == "Action").map(|(_, value)| value.to_owned());
    action.unwrap_or_else(|| parts.uri.path().rsplit('/').next().unwrap_or_default().to_owned())
}

/// How a service writes its answers.
#[derive(Debug, Clone, Copy)]
enum Form {
    Xml,
    Json,
}

fn refusal(form: Form, status: u16, code: &str, message: &str) -> Response<Full<Bytes>> {
    let (kind, body) = match form {
        Form::Xml => (
            "text/xml",
            format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}\
                 </Message></Error><RequestId>1</RequestId></ErrorResponse>"
            ),
        ),
        Form::Json => {
            let body =
                serde_json::json!({ "__type": format!("{code}Exception"), "message": message });
            ("application/x-amz-json-1.1", body.to_string())
        }
    };
    let status = StatusCode::from_u16(status).unwrap();
    let answer = Response::builder().status(status).header("content-type", kind);
    answer.body(Full::new(Bytes::from(body))).unwrap()
}
