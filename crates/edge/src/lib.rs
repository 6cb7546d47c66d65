//! The data plane of distributions: behaviours, caches, functions, origins.
//!
//! Its input is [`Sites`], its output what it tells through [`Config`]; between them it behaves to
//! viewers and origins as CloudFront does. Start reading at [`Edge`], then `serve`.
//!
//! This room must not know: the region's state, AWS's API, policies of buckets, who balances what.
//! What lies in buckets it asks of a port, [`Files`].
//!
//! Decisions are pure: `path` (which behaviour), `select` (what counts of a request), `lifetime`
//! (how long an answer is kept), `dress` (which headers an answer gets), `page` (CloudFront's own
//! pages). Around them `serve` decides about a request, `store` remembers answers, `origin` sends,
//! `function` runs JavaScript, `tunnel` joins connections that are no HTTP any more.

mod body;
mod dress;
mod edge;
mod function;
mod ids;
mod lifetime;
mod origin;
mod pack;
mod page;
mod path;
mod select;
mod serve;
mod sites;
mod store;
mod tunnel;

pub use body::{Body, BodyError};
pub use edge::{Bound, Config, Edge};
pub use sites::{
    Behaviour, Cached, Cors, ErrorPage, FileAsk, Files, Forwarded, Function, Header, HeaderPolicy,
    Lifetimes, Names, Origin, Security, Server, ServerPolicy, Site, Sites,
};
