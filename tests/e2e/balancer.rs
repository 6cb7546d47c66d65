//! The load balancer: what comes in at a listener, where it goes, and what is said of it.
//!
//! The data plane is the same with each driver, so most of this runs on processes; what depends on
//! how tasks are reached, and on when they come and go, runs with both.

mod access;
mod attributes;
mod failures;
mod forwarding;
mod grpc;
mod health;
mod listeners;
mod rolling;
mod rules;
mod secure;
