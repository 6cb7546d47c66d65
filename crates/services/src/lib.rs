//! What clients may ask, and what they are answered.
//!
//! One handler an operation, one file a noun. A handler that only reads gets a [`World`](world::World);
//! one that writes gets a [`Draft`](world::Draft), which the engine throws away when the handler
//! refuses, so that bad input leaves no trace. Handlers say what is desired; making it so is
//! `control`'s matter.
//!
//! This room must not know: wire formats, drivers, sockets, another service's rules.
//!
//! Start reading at [`table`].

#![expect(
    clippy::needless_pass_by_value,
    reason = "the table calls every handler alike: with an input of its own"
)]

pub mod acm;
pub mod autoscaling;
pub mod budgets;
pub mod cloudformation;
pub mod cloudfront;
pub mod cloudwatch;
pub mod cx;
pub mod ec2;
pub mod ecr;
pub mod ecs;
pub mod elbv2;
mod glob;
pub mod iam;
pub mod logs;
mod page;
mod policy;
mod query;
pub mod s3;
pub mod secretsmanager;
pub mod servicequotas;
pub mod sns;
pub mod ssm;
pub mod sts;
pub mod table;
mod tags;
#[cfg(test)]
mod testing;

pub use cx::{
    Authority, Caller, Credentials, Cx, Errand, Issuer, LayerStore, LayerTrouble, LayerUpload,
    LogReader, LogsUnreadable, NoSession, Opened, Received, Sessions,
};
pub use table::{Handler, Table};
