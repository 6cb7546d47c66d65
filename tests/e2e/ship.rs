//! Deploying to an environment on AWS. A local region stands for AWS: everything is found as AWS's own
//! tools find it, by the variables that name an endpoint.

mod account;
mod bending;
mod between;
mod elsewhere;
mod ending;
pub(crate) mod environment;
mod faults;
mod lanes;
mod notifying;
mod operating;
mod promoting;
mod rolling;
mod scaling;
mod sites;
mod standing;
