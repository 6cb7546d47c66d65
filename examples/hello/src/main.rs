//! A small backend, as a team would write one: it listens on `PORT`, tells its health and metrics,
//! logs JSON lines, and on SIGTERM finishes what it has begun before it exits.

mod log;
mod metrics;

use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use metrics::Metrics;
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Raise it and run `neargate up` again: the service rolls to the new version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

struct App {
    started: Instant,
    greeting: String,
    notes: Mutex<Vec<String>>,
    metrics: Metrics,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let app = Arc::new(App {
        started: Instant::now(),
        greeting: std::env::var("GREETING").unwrap_or_else(|_| "hello".to_owned()),
        notes: Mutex::default(),
        metrics: Metrics::default(),
    });
    // 0.0.0.0, not localhost: a load balancer comes from outside the container.
    let address = SocketAddr::from((Ipv4Addr::UNSPECIFIED, port));
    let listener = TcpListener::bind(address).await?;
    log::line("info", "listening", &[("port", port.into()), ("version", VERSION.into())]);
    axum::serve(listener, routes(app)).with_graceful_shutdown(stop_signal()).await?;
    log::line("info", "stopped", &[]);
    Ok(())
}

fn routes(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(greet))
        .route("/api/health", get(health))
        .route("/api/metrics", get(show_metrics))
        .route("/api/notes", get(list_notes).post(add_note))
        .route("/api/slow", get(slow))
        .layer(middleware::from_fn_with_state(app.clone(), observe))
        .with_state(app)
}

/// Ends when the container is told to stop; requests in flight are then finished.
async fn stop_signal() {
    let (Ok(mut term), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    log::line("info", "stopping: finishing what is in flight", &[]);
}

/// Counts and logs each request.
async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let trace = request.headers().get("x-amzn-trace-id");
    let trace = trace.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    app.metrics.count(response.status().as_u16(), begun.elapsed());
    // Health checks come every few seconds and would drown everything else.
    if path != "/api/health" {
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        log::line(
            "info",
            "request",
            &[
                ("method", method.into()),
                ("path", path.into()),
                ("status", response.status().as_u16().into()),
                ("ms", millis.into()),
                ("correlationId", trace.into()),
            ],
        );
    }
    response
}

async fn greet(State(app): State<Arc<App>>) -> Json<Value> {
    let host = std::env::var("HOSTNAME").unwrap_or_default();
    Json(json!({ "greeting": app.greeting, "version": VERSION, "host": host }))
}

async fn health(State(app): State<Arc<App>>) -> Json<Value> {
    Json(json!({
        "status": "ok",
        "version": VERSION,
        "uptime": app.started.elapsed().as_secs(),
    }))
}

/// Prometheus's text format.
async fn show_metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    ([("content-type", "text/plain; version=0.0.4")], app.metrics.show())
}

async fn list_notes(State(app): State<Arc<App>>) -> Response {
    match app.notes.lock() {
        Ok(notes) => Json(notes.clone()).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

async fn add_note(State(app): State<Arc<App>>, Json(note): Json<Note>) -> StatusCode {
    match app.notes.lock() {
        Ok(mut notes) => {
            notes.push(note.text);
            StatusCode::CREATED
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[derive(Deserialize)]
struct Slowness {
    ms: Option<u64>,
}

/// Takes its time, at most 30 s: what a report or an upload would do.
async fn slow(Query(slowness): Query<Slowness>) -> Json<Value> {
    let ms = slowness.ms.unwrap_or(2000).min(30_000);
    tokio::time::sleep(Duration::from_millis(ms)).await;
    Json(json!({ "slept": ms }))
}
