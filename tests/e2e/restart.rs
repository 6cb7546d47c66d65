//! A region that is killed and started again: what it acknowledged is there, and its tasks go on.

mod adoption;
mod crashes;
mod objects;
