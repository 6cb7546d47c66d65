//! Real clients, unmodified: the aws CLI, boto3, the CDK, and AWS's SDK for Rust.

mod alarms;
mod boto;
mod cdk;
mod cli;
mod sdk;
