//! Real clients, unmodified: the aws CLI, boto3, and AWS's SDK for Rust.

mod boto;
mod cli;
mod sdk;
