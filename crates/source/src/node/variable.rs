//! The environment variables that scripts read.

mod asker;
mod scan;
mod schema;

use super::tree::Tree;
use crate::Variable;
use crate::fact::variable::Read;

/// Every variable of a project: reads in its code, its schemas, and `more` from elsewhere.
pub(crate) fn read(tree: &Tree<'_, '_>, more: Vec<Read>) -> Vec<Variable> {
    let mut reads = scan::reads(tree);
    reads.extend(schema::reads(tree));
    reads.extend(asker::reads(tree));
    reads.extend(more);
    Variable::gather(reads)
}
