//! Steps: calls as data until the last moment.

use api::{Call, Field as _, Operation, Value, ecs};
use model::Span;

/// One thing to do, with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it does, for people: `create target group shop-prod-api`.
    pub what: String,
    /// Why, one reason an item; empty when the thing simply is not there yet.
    pub why: Vec<String>,
    /// How.
    pub act: Act,
}

/// How a step is done.
#[derive(Debug, Clone)]
pub enum Act {
    /// By one call.
    Call {
        /// The operation.
        operation: &'static Operation,
        /// Its input.
        input: Value,
    },
    /// By a task that has to end well.
    Before(Box<Before>),
}

/// A one-off task before a deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    /// The service it is for.
    pub service: String,
    /// The task definition it runs, the new version's.
    pub definition: String,
    /// The call that starts it. Its client token makes a repeat find the task instead of starting
    /// another.
    pub run: ecs::RunTaskRequest,
    /// How long it may take.
    pub timeout: Span,
}

impl Step {
    /// A step that is one call.
    #[must_use]
    pub fn call<C: Call>(what: impl Into<String>, input: C::Input) -> Self {
        let act = Act::Call { operation: C::OPERATION, input: input.into_value() };
        Self { what: what.into(), why: Vec::new(), act }
    }

    /// The step with its reasons.
    #[must_use]
    pub fn because(mut self, why: impl IntoIterator<Item = String>) -> Self {
        self.why.extend(why);
        self
    }
}

/// Operations are statics with unique names within their services.
impl PartialEq for Act {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Call { operation, input },
                Self::Call { operation: other_operation, input: other_input },
            ) => {
                operation.service == other_operation.service
                    && operation.name == other_operation.name
                    && input == other_input
            }
            (Self::Before(one), Self::Before(other)) => one == other,
            (Self::Call { .. }, Self::Before(_)) | (Self::Before(_), Self::Call { .. }) => false,
        }
    }
}
