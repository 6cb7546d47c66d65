//! The load balancer's data plane: listeners, rules, balancing, health checks, proxying.
//!
//! Its input is [`Routes`], its output [`Report`]s; between them it behaves to clients and targets
//! as an Application Load Balancer does (reference §4). Start reading at [`Gateway`].
//!
//! This room must not know: the region's state, ARNs, AWS's API, who registers targets or why.
//! It decides nothing that outlives a request, except the verdict on a target's health.
//!
//! Decisions are pure: `route` (which rule), `balance` (which target), `sticky` (which target
//! again), `health` (which verdict),
//! `headers` and `answer` (which bytes), `access` (what a log says of it), on top of `http1` (what the bytes mean). Around them:
//!
//! * `keeper`, one thread, owns the `board`: it takes routes, listens (`listen`), probes (`probe`).
//!   It is the one writer of `live`, the snapshot that requests look at.
//! * `worker`, any number of threads, serve `connection`s: `steer` decides about a request,
//!   `proxy` takes it to its target over a connection from the worker's own `pool`.
//!
//! With TLS (`tls`) clients may also speak HTTP/2 (`http2`), whose frames the `h2` crate knows;
//! their requests reach targets in HTTP/1.1, or in HTTP/2 where the group says so, gRPC among them.
//!
//! HTTP/1.1 is spoken by ourselves, not through a general HTTP library: heads are edited where
//! they arrive and bodies pass through untouched. That keeps the case and order of headers, lets
//! bad requests be answered with ALB's own pages, and costs less processor time than nginx.

mod access;
mod answer;
mod balance;
mod board;
mod connection;
mod desks;
mod gateway;
mod headers;
mod health;
mod http1;
mod http2;
mod keeper;
mod listen;
mod live;
mod pool;
mod probe;
mod proxy;
mod report;
mod route;
mod routes;
mod spoken;
mod steer;
mod sticky;
mod tls;
mod worker;

pub use access::{AccessLine, AccessTo};
pub use gateway::{CONNECT_TIMEOUT, Config, Gateway, ReportTo, StartError};
pub use report::{Health, Report, Unhealthy};
pub use routes::{
    Action, Algorithm, Attributes, Certificate, Change, Cidr, Condition, Desync, FixedResponse,
    Forward, ForwardedFor, Group, HealthCheck, HostHeader, InvalidHeaders, Listener, Matcher,
    ParseCidrError, ParseMatcherError, ProtocolVersion, QueryPair, Redirect, Retouch, Routes, Rule,
    Scheme, ServerHeader, Stickiness, TargetId, TargetUse, Threshold, Tls, TlsHeaders,
};
pub use tls::with_anybody;
