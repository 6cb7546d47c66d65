//! What five teams ask for, walked line by line on their systems' examples: real containers, real
//! databases, real requests, each brought up by `neargate up` and nothing else.
//!
//! A module a system; each assertion names the line that it shows (R9: rms, the ninth). Lines that are
//! about what is not here yet (deployments to AWS, pipelines, metrics) are not walked.

mod health_advisor;
mod portfolio;
mod rms;
mod scalemap;
mod slugger;
mod system;
