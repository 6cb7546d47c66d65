//! Container images by digest: the blobs on disk, and the words of the OCI distribution protocol.
//!
//! [`Store`] keeps bytes under the digest that they have, and nothing else: a blob appears when all
//! of it has arrived, is on the disk and has been held against its digest. Until then it is an
//! upload, which can be gone on with after a crash. [`route()`] and [`Query`] say what a request's
//! path asks for, [`Refusal`] how the protocol says no.
//!
//! This room must not know: repositories, tags and manifests (they are rows of the World), HTTP
//! itself, who may ask.
//!
//! Start reading at [`store`].

pub mod digest;
pub mod query;
pub mod range;
pub mod refusal;
pub mod route;
pub mod store;
mod sweep;
pub mod ticket;
pub mod upload;

pub use digest::{Digest, ParseDigestError};
pub use query::Query;
pub use range::range;
pub use refusal::Refusal;
pub use route::{Route, route};
pub use store::{Store, StoreError};
pub use sweep::Swept;
pub use ticket::{CHANCE, is_for, ticket};
pub use upload::Upload;
