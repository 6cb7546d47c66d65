//! Looks at everything that a wish is concerned by.

mod alarms;
mod backing;
mod balancer;
mod definitions;
mod existing;
mod foundation;
mod pairs;
mod scaling;
mod secrets;
mod services;

pub(crate) use alarms::states;
pub use pairs::weights;

use crate::client::{CallError, Client};
use plan::Stand;
use plan::backing::Sought;
use plan::names::Names;
use plan::observed::Observed;
use plan::wish::Named;
use std::collections::BTreeSet;

/// What to look for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The names of the application's things.
    pub names: Names<'a>,
    /// The cluster's name.
    pub cluster: &'a str,
    /// Its services.
    pub services: &'a BTreeSet<String>,
    /// Its log groups.
    pub log_groups: &'a BTreeSet<String>,
    /// The parameters and secrets that it names.
    pub secrets: &'a Named,
    /// The alarms that it names.
    pub alarms: &'a BTreeSet<String>,
    /// Its backing services.
    pub backing: &'a [Sought],
    /// Where those put values.
    pub given: &'a Named,
}

/// Looks at the endpoint.
///
/// # Errors
/// When a call is refused for another reason than that something is not there.
pub async fn observe(client: &Client, scope: Scope<'_>) -> Result<Observed, CallError> {
    let mut observed = Observed { region: client.region().to_owned(), ..Default::default() };
    foundation::look(client, scope, &mut observed).await?;
    balancer::look(client, scope, &mut observed).await?;
    definitions::look(client, scope, &mut observed).await?;
    services::look(client, scope, &mut observed).await?;
    secrets::look(client, scope, &mut observed).await?;
    backing::look(client, scope, &mut observed).await?;
    alarms::look(client, scope, &mut observed).await?;
    Ok(observed)
}

/// Looks at an environment on AWS: at the parts that it stands on, and at what is shipped on them.
///
/// # Errors
/// As [`observe`].
pub async fn observe_standing(
    client: &Client,
    scope: Scope<'_>,
    stand: &Stand,
) -> Result<Observed, CallError> {
    let mut observed = Observed { region: client.region().to_owned(), ..Default::default() };
    existing::look(client, scope, stand, &mut observed).await?;
    definitions::look(client, scope, &mut observed).await?;
    services::look(client, scope, &mut observed).await?;
    scaling::look(client, scope, &mut observed).await?;
    secrets::look(client, scope, &mut observed).await?;
    alarms::look(client, scope, &mut observed).await?;
    Ok(observed)
}
