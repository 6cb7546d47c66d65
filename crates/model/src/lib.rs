//! The nouns that every room shares: names, ARNs, image references, Fargate sizes, time, ids, secrets.
//!
//! This room must not know: any service's rules, any wire format, any clock, any source of chance.
//! Time comes in as [`Timestamp`], chance as a seed to [`Ids`].
//!
//! Start reading at [`names`](mod@names); [`FargateSize`] is the model of a type that admits only what AWS admits.

pub mod arn;
pub mod cidr;
pub mod fargate;
pub mod ids;
pub mod image;
pub mod names;
pub mod pace;
pub mod place;
pub mod secret;
pub mod time;

pub use arn::{Arn, ParseArnError};
pub use cidr::{Cidr, ParseCidrError};
pub use fargate::{FargateSize, InvalidSize};
pub use ids::Ids;
pub use image::{At, ImageRef, ParseImageRefError};
pub use names::*;
pub use pace::{InvalidSpeed, Pace};
pub use place::Place;
pub use secret::Secret;
pub use time::{Span, Timestamp};
