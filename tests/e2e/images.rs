//! The registry of images: pushed and pulled by Docker, described by ECR, run by services.

mod docker;
mod protocol;
