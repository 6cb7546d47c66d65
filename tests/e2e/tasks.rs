//! Tasks, as `run-task` makes them: what runs, in which order, how it ends, and what is said of it.

mod depends;
mod ending;
mod failing;
mod health;
mod identity;
mod limits;
mod network;
mod output;
mod secrets;
mod start;
