//! What the edge serves: plain values, without ids that only AWS understands.

use crate::body::Body;
use http::{HeaderMap, Method, Response};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// Distributions that are enabled, by their ids.
pub type Sites = BTreeMap<String, Arc<Site>>;

/// A distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its id.
    pub id: String,
    /// Its address at AWS: `d111111abcdef8.cloudfront.net`.
    pub domain: String,
    /// Where it listened before, and where it tries to listen again.
    pub port: Option<u16>,
    /// What stands for `/`, without a slash; empty where nothing does.
    pub root: String,
    /// Its behaviours in the order in which they are tried; the last one is for every path.
    pub behaviours: Vec<Behaviour>,
    /// Its origins, by their ids.
    pub origins: BTreeMap<String, Origin>,
    /// Pages instead of errors.
    pub pages: Vec<ErrorPage>,
}

/// What is done with requests for some paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behaviour {
    /// The paths: `*` and `?` stand for any and for one character.
    pub pattern: String,
    /// The origin's id.
    pub origin: String,
    /// The methods that are let through.
    pub methods: Vec<Method>,
    /// The methods whose answers may be kept.
    pub cached_methods: Vec<Method>,
    /// Whether answers may be packed.
    pub compress: bool,
    /// What tells answers apart, and how long they are kept.
    pub cached: Cached,
    /// What the origin is told beside that.
    pub forwarded: Forwarded,
    /// What answers say beside what the origin says.
    pub headers: HeaderPolicy,
    /// Runs before anything is looked for.
    pub on_request: Option<Arc<Function>>,
    /// Runs before the answer goes out.
    pub on_response: Option<Arc<Function>>,
}

/// Names of headers, cookies or parameters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Names {
    /// None.
    #[default]
    Nothing,
    /// All.
    All,
    /// These; headers in small letters.
    Only(Vec<String>),
    /// All but these.
    Except(Vec<String>),
}

/// What tells answers apart, and how long they are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cached {
    /// Headers.
    pub headers: Names,
    /// Cookies.
    pub cookies: Names,
    /// Parameters.
    pub query: Names,
    /// Whether answers packed with gzip are told from others.
    pub gzip: bool,
    /// How long.
    pub lifetimes: Lifetimes,
}

/// How long answers are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lifetimes {
    /// At least.
    pub least: Duration,
    /// Where the origin says nothing.
    pub usual: Duration,
    /// At most.
    pub most: Duration,
}

/// What an origin is told of a request, beside what tells answers apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forwarded {
    /// Headers.
    pub headers: Names,
    /// Cookies.
    pub cookies: Names,
    /// Parameters.
    pub query: Names,
}

/// What answers say beside what the origin says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeaderPolicy {
    /// Headers about safety, and others with a value.
    pub set: Vec<Header>,
    /// What pages of other origins may do.
    pub cors: Option<Cors>,
    /// Headers that are taken away, in small letters.
    pub removed: Vec<String>,
}

/// A header that answers get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name, in small letters.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What happens where the origin has said it.
    pub over: Security,
}

/// What happens with a header that the origin has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// It is said otherwise.
    Override,
    /// It stays.
    Keep,
}

/// What pages of other origins may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    /// The origins; `*` stands for all, and for any part of a name.
    pub origins: Vec<String>,
    /// Headers that may be sent.
    pub headers: Vec<String>,
    /// Methods.
    pub methods: Vec<String>,
    /// Headers that may be read.
    pub exposed: Vec<String>,
    /// Whether cookies go along.
    pub credentials: bool,
    /// How many seconds a preflight is good for.
    pub max_age: Option<i32>,
    /// What happens with what the origin says of it.
    pub over: Security,
}

/// A page instead of an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorPage {
    /// The origin's status.
    pub status: u16,
    /// The page's path and the status that it is sent with; the origin's own answer where absent.
    pub page: Option<(String, u16)>,
    /// How long the error is remembered.
    pub kept: Duration,
}

/// A function that runs at the edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its text, JavaScript.
    pub code: String,
}

/// Where answers come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A bucket, which [`Files`] reads.
    Files {
        /// The bucket.
        bucket: String,
        /// What stands before each path; empty, or begins with a slash.
        path: String,
    },
    /// A server on this machine.
    Server(Server),
    /// Nothing of this machine: why.
    Elsewhere(String),
}

/// A server on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name, which it is asked for by.
    pub name: String,
    /// What stands before each path.
    pub path: String,
    /// How it is spoken to.
    pub policy: ServerPolicy,
    /// Where it speaks HTTP.
    pub http: Option<SocketAddr>,
    /// Where it speaks HTTPS.
    pub https: Option<SocketAddr>,
    /// Headers that it is always told.
    pub headers: Vec<(String, String)>,
    /// How long a connection may take.
    pub connecting: Duration,
    /// How often a connection is tried.
    pub attempts: u32,
    /// How long it may be silent.
    pub reading: Duration,
}

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerPolicy {
    /// In HTTP.
    Http,
    /// In HTTPS.
    Https,
    /// As the viewer speaks.
    Match,
}

/// What is asked of a bucket.
#[derive(Debug)]
pub struct FileAsk<'a> {
    /// The distribution that asks.
    pub site: &'a str,
    /// The bucket.
    pub bucket: &'a str,
    /// The path, with its slash, as the request has it.
    pub path: &'a str,
    /// `GET`, `HEAD` or another method.
    pub method: &'a Method,
    /// Conditions and ranges.
    pub headers: &'a HeaderMap,
}

/// Reads what lies in buckets.
pub trait Files: Send + Sync {
    /// What S3 answers the distribution.
    fn read(&self, ask: &FileAsk<'_>) -> Response<Body>;
}
