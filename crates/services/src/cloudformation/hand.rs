//! Calls of the region's operations on behalf of a stack.

use super::failure::Failure;
use super::fit;
use crate::{Cx, Handler, Table};
use api::{Call, Fault, Field as _, Operation, Value};
use model::Ids;
use serde_json::{Map, Value as Json};
use std::fmt;
use world::Draft;

/// Holds an input against its shape's constraints, as the region's door does.
pub type Check = fn(&'static Operation, &Value) -> Result<(), Fault>;

/// What carries a stack's steps out: ordinary operations, on the draft of a transaction.
pub struct Hand<'a> {
    /// The draft.
    pub draft: &'a mut Draft,
    /// The circumstances; who calls is the stack's caller.
    pub cx: Cx<'a>,
    /// New ids.
    pub ids: &'a mut Ids,
    /// The operations.
    pub table: &'a Table,
    /// What holds inputs against their shapes.
    pub check: Check,
}

impl Hand<'_> {
    /// Calls an operation with members by their names, in either case. What it changed is undone
    /// when it refuses.
    ///
    /// # Errors
    /// When the members are not the operation's, or it refuses.
    pub(crate) fn call<C: Call>(&mut self, input: Map<String, Json>) -> Result<C::Output, Failure> {
        let operation = C::OPERATION;
        let value = fit::structure(operation.input, &input, "")
            .map_err(|what| Failure::handler("InvalidRequest", what))?;
        let refused = |fault: &Fault, ids: &mut Ids| Failure::refused(operation, fault, ids);
        (self.check)(operation, &value).map_err(|fault| refused(&fault, self.ids))?;
        let mark = self.draft.mark();
        let answer = match self.table.find(operation) {
            Some(Handler::Read(read) | Handler::Disk(read)) => read(self.draft, &self.cx, value),
            Some(Handler::Write(write)) => write(self.draft, &self.cx, self.ids, value),
            None => Err(Fault::internal()),
        };
        let output =
            answer.and_then(|value| C::Output::from_value(value).map_err(|_| Fault::internal()));
        output.map_err(|fault| {
            self.draft.back_to(mark);
            refused(&fault, self.ids)
        })
    }
}

impl fmt::Debug for Hand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hand").field("cx", &self.cx).finish_non_exhaustive()
    }
}

/// Members of an input: `members([("cluster", json!(name))])`.
pub(crate) fn members<const N: usize>(given: [(&str, Json); N]) -> Map<String, Json> {
    given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
