//! What AWS's services can be asked, as data: operations, shapes, and one typed record per shape.
//!
//! [`shape`] describes a structure as AWS's model does; [`value`] holds one in no format at all;
//! `generated` has, for each service, the shapes and the records of the operations that
//! `operations.txt` allows. A codec (`wire`) walks a shape and a value side by side; a handler
//! (`services`) sees only records.
//!
//! This room must not know: JSON, XML, HTTP, what any operation does. Records are not `Serialize`.
//!
//! To add an operation: name it in `operations.txt`, run `cargo xtask codegen`.

mod correct;
pub mod fault;
mod generated;
pub mod operation;
pub mod shape;
pub mod value;

pub use correct::corrected;
pub use fault::Fault;
pub use generated::*;
pub use operation::{Call, ErrorShape, Operation, Protocol, Route, Service, ServiceModel};
pub use shape::{Member, Place, Shape, Structure};
pub use value::{Document, Field, Mismatch, Record, Value};
