//! Why it failed: each cause is provoked for real, and `up` names it within seconds of the first
//! dead task. Several services that fail alike share a deployment, which spares the machine.

mod ending;
mod health;
mod preparing;
mod rolling;
mod shop;
