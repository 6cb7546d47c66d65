//! What every test stands on: the real binary, regions of it, calls of AWS's API, and clients.
//!
//! Nothing here knows a behaviour of the product; what must hold is said in the tests.

pub(crate) mod aws;
pub(crate) mod balanced;
pub(crate) mod binary;
pub(crate) mod clients;
pub(crate) mod cluster;
pub(crate) mod command;
pub(crate) mod engine;
pub(crate) mod eventually;
pub(crate) mod processes;
pub(crate) mod region;
pub(crate) mod scratch;
pub(crate) mod terminal;
pub(crate) mod web;

pub(crate) use cluster::{Cluster, with};
pub(crate) use command::Line;
pub(crate) use eventually::{PATIENCE, eventually};
pub(crate) use region::{Driver, Region};
pub(crate) use scratch::Scratch;

/// Makes two tests of each function that tells a story on a region: one on plain processes, one on
/// a container engine. The latter says loudly that it was skipped where no engine answers.
macro_rules! on_both_drivers {
    ($($story:ident),* $(,)?) => {$(
        mod $story {
            use crate::stage::{Driver, Region};

            #[tokio::test]
            async fn with_processes() {
                super::$story(&Region::shared(Driver::Process).await).await;
            }

            #[tokio::test]
            async fn with_containers() {
                if crate::stage::engine::answers("containers") {
                    super::$story(&Region::shared(Driver::Docker).await).await;
                }
            }
        }
    )*};
}
pub(crate) use on_both_drivers;
