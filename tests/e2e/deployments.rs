//! Deployments as their owner sees them with AWS's own clients: stages, requests that really move, and
//! waiters that scripts rely on.

mod canary;
mod waiters;
