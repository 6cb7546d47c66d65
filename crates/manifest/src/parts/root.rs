//! The file as a whole.

use super::checks::Checks;
use super::environment::Environment;
use super::foundation::Foundation;
use super::names;
use super::service::Service;
use crate::kind::{exact, map, part, record};
use std::collections::BTreeMap;

part! {
    /// The whole file. Top-level keys that begin with `x-` are passed over: they are a place for
    /// YAML anchors.
    pub(crate) struct Root as RootRead {
        /// The application's name. It begins the name of everything that is created.
        app: String = exact(&names::APP), [required], elsewhere ["name", "application"];
        /// The parts of the application, by name.
        services: BTreeMap<String, Service> = map(&names::SERVICE, record::<Service>()), [required],
            elsewhere ["service"];
        /// What differs from place to place, by name. The environment `local` is always there.
        environments: BTreeMap<String, Environment> =
            map(&names::ENVIRONMENT, record::<Environment>()),
            [default "{}", because "the local region needs no words"], elsewhere ["env", "stages"];
        /// What is already there and is to be used, in all environments.
        foundation: Foundation = record::<Foundation>(),
            [default "{}", because "everything that is missing is created"];
        /// What `neargate check` is to leave alone, in all environments.
        checks: Checks = record::<Checks>(),
            [default "{}", because "nothing is left alone unasked"];
    }
}
