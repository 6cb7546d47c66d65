//! What five teams ask for, walked line by line on their systems' examples: real containers, real
//! databases, real requests, each brought up by `neargate up` and nothing else; and one of them shipped.
//!
//! A module a system; each assertion names the line that it shows (R9: rms, the ninth). Lines that are
//! about what is not here yet (pipelines, metrics) are not walked.

mod health_advisor;
mod portfolio;
mod rms;
mod scalemap;
mod shipped;
mod slugger;
mod system;
