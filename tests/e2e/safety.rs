//! What must not happen: that somebody else reaches the region, that a secret is found where nobody
//! put it, that a wrong key opens a door.

mod doors;
mod keys;
mod listening;
mod secrets;
