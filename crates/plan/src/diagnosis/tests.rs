//! What each kind of trouble is called: tables of what AWS and programs say, and the cause that
//! follows from it.

mod ended;
mod general;
mod health;
mod prepared;
mod service;
mod stage;
