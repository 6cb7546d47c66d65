//! Real clients, unmodified: the aws CLI, boto3, and AWS's SDK for Rust.

mod alarms;
mod boto;
mod cli;
mod sdk;
