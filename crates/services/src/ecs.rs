//! Elastic Container Service: clusters, task definitions, services and tasks on Fargate.
//!
//! A handler reads what was asked, refuses what AWS refuses in AWS's words, and writes down what is
//! desired. Start reading at `table`; every text that a client can see is in `fault`, and what
//! is accepted without effect in [`STORED_ONLY`].
//!
//! This module must not know: how tasks are placed, started or replaced.

mod capacity;
mod cluster;
mod definition;
mod deployment;
mod digest;
mod fault;
mod launch;
mod names;
mod network;
mod revision;
mod service;
mod settings;
mod stored;
mod tags;
mod task;
#[cfg(test)]
mod tests;

pub use stored::STORED_ONLY;

use crate::Table;
use api::ecs;

/// The operations of ECS.
pub(crate) fn table() -> Table {
    Table::default()
        .and(clusters())
        .and(definitions())
        .and(services())
        .and(deployments())
        .and(account())
}

fn clusters() -> Table {
    Table::default()
        .write::<ecs::CreateCluster>(cluster::create::create)
        .read::<ecs::DescribeClusters>(cluster::describe::describe)
        .read::<ecs::ListClusters>(cluster::list::list)
        .write::<ecs::UpdateCluster>(cluster::update::update)
        .write::<ecs::UpdateClusterSettings>(cluster::update::update_settings)
        .write::<ecs::DeleteCluster>(cluster::delete::delete)
        .write::<ecs::PutClusterCapacityProviders>(capacity::put)
}

fn definitions() -> Table {
    Table::default()
        .write::<ecs::RegisterTaskDefinition>(definition::register::register)
        .read::<ecs::DescribeTaskDefinition>(definition::describe::describe)
        .read::<ecs::ListTaskDefinitions>(definition::list::list)
        .read::<ecs::ListTaskDefinitionFamilies>(definition::families::list)
        .write::<ecs::DeregisterTaskDefinition>(definition::deregister::deregister)
        .write::<ecs::DeleteTaskDefinitions>(definition::delete::delete)
}

fn services() -> Table {
    Table::default()
        .write::<ecs::CreateService>(service::create::create)
        .write::<ecs::UpdateService>(service::update::update)
        .read::<ecs::DescribeServices>(service::describe::describe)
        .read::<ecs::ListServices>(service::list::list)
        .write::<ecs::DeleteService>(service::delete::delete)
        .write::<ecs::RunTask>(task::run::run)
        .write::<ecs::StopTask>(task::stop::stop)
        .read::<ecs::DescribeTasks>(task::describe::describe)
        .read::<ecs::ListTasks>(task::list::list)
        .read::<ecs::ExecuteCommand>(task::execute::execute)
}

fn deployments() -> Table {
    Table::default()
        .read::<ecs::DescribeServiceDeployments>(deployment::describe::describe)
        .read::<ecs::ListServiceDeployments>(deployment::list::list)
        .write::<ecs::ContinueServiceDeployment>(deployment::resume::resume)
        .write::<ecs::StopServiceDeployment>(deployment::stop::stop)
        .read::<ecs::DescribeServiceRevisions>(revision::describe)
}

fn account() -> Table {
    Table::default()
        .write::<ecs::TagResource>(tags::tag)
        .write::<ecs::UntagResource>(tags::untag)
        .read::<ecs::ListTagsForResource>(tags::list)
        .read::<ecs::ListAccountSettings>(settings::list)
        .write::<ecs::PutAccountSetting>(settings::put)
        .write::<ecs::PutAccountSettingDefault>(settings::put_default)
        .write::<ecs::DeleteAccountSetting>(settings::delete)
}
