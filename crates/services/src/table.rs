//! The table of operations: what the region can do, in one place.
//!
//! Dispatch, `neargate region operations`, the documentation's list and the conformance tests all
//! follow from it.

use crate::Cx;
use api::{Call, Fault, Field, Operation, Service, Value};
use model::Ids;
use std::collections::BTreeMap;
use std::fmt;
use world::{Draft, World};

/// A handler that only reads; it runs beside others on a snapshot.
type Read = Box<dyn Fn(&World, &Cx<'_>, Value) -> Result<Value, Fault> + Send + Sync>;
/// A handler that writes; the engine runs one at a time.
type Write =
    Box<dyn Fn(&mut Draft, &Cx<'_>, &mut Ids, Value) -> Result<Value, Fault> + Send + Sync>;

/// A reading handler as it is written: a function of records.
pub type Reading<C> = fn(&World, &Cx<'_>, <C as Call>::Input) -> Result<<C as Call>::Output, Fault>;
/// A writing handler as it is written. It takes new ids from the stream it is given.
pub type Writing<C> =
    fn(&mut Draft, &Cx<'_>, &mut Ids, <C as Call>::Input) -> Result<<C as Call>::Output, Fault>;

/// How an operation is handled.
pub enum Handler {
    /// On a snapshot.
    Read(Read),
    /// On a snapshot, where waiting for a disk holds nobody up.
    Disk(Read),
    /// On a draft.
    Write(Write),
}

/// The operations that are there, by service and name.
#[derive(Default)]
pub struct Table {
    handlers: BTreeMap<(Service, &'static str), Handler>,
}

// === impl Table ===

impl Table {
    /// Every operation of the region.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
            .and(crate::acm::table())
            .and(crate::autoscaling::table())
            .and(crate::budgets::table())
            .and(crate::cloudformation::table())
            .and(crate::cloudfront::table())
            .and(crate::cloudwatch::table())
            .and(crate::ec2::table())
            .and(crate::ecr::table())
            .and(crate::ecs::table())
            .and(crate::elbv2::table())
            .and(crate::iam::table())
            .and(crate::logs::table())
            .and(crate::s3::table())
            .and(crate::secretsmanager::table())
            .and(crate::servicequotas::table())
            .and(crate::sns::table())
            .and(crate::ssm::table())
            .and(crate::sts::table())
    }

    /// The table with one more reading operation.
    #[must_use]
    pub fn read<C: Call + 'static>(self, handler: Reading<C>) -> Self {
        self.with::<C>(Handler::Read(Box::new(move |world, cx, input| {
            handler(world, cx, take::<C>(input)?).map(Field::into_value)
        })))
    }

    /// The table with one more operation that reads, and waits for a disk.
    #[must_use]
    pub fn disk<C: Call + 'static>(self, handler: Reading<C>) -> Self {
        self.with::<C>(Handler::Disk(Box::new(move |world, cx, input| {
            handler(world, cx, take::<C>(input)?).map(Field::into_value)
        })))
    }

    /// The table with one more writing operation.
    #[must_use]
    pub fn write<C: Call + 'static>(self, handler: Writing<C>) -> Self {
        self.with::<C>(Handler::Write(Box::new(move |draft, cx, ids, input| {
            handler(draft, cx, ids, take::<C>(input)?).map(Field::into_value)
        })))
    }

    /// The table with the operations of another one.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.handlers.extend(other.handlers);
        self
    }

    /// The handler of an operation, if it is there.
    #[must_use]
    pub fn find(&self, operation: &'static Operation) -> Option<&Handler> {
        self.handlers.get(&(operation.service, operation.name))
    }

    /// The operations that are there, in order.
    pub fn operations(&self) -> impl Iterator<Item = (Service, &'static str)> {
        self.handlers.keys().copied()
    }

    fn with<C: Call>(mut self, handler: Handler) -> Self {
        let key = (C::OPERATION.service, C::OPERATION.name);
        self.handlers.insert(key, handler);
        self
    }
}

/// The record of an input. The codec has checked it against the shape, so a mismatch is ours.
fn take<C: Call>(input: Value) -> Result<C::Input, Fault> {
    C::Input::from_value(input).map_err(|_| Fault::internal())
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.handlers.keys()).finish()
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read(_) => "Read",
            Self::Disk(_) => "Disk",
            Self::Write(_) => "Write",
        })
    }
}
