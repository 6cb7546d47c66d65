//! The registry of images: pushed and pulled by Docker and other clients, described by ECR, run by
//! services.

mod cli;
mod collect;
mod crash;
mod digest;
mod docker;
mod layout;
mod lifecycle;
mod others;
mod protocol;
