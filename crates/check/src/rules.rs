//! Every rule, one a file.

mod artifact_across_runs;
mod development_import;
mod does_not_start;
mod drain;
mod end_of_life;
mod exec_read_only;
mod execution_role;
mod grace_period;
mod health_path;
mod health_program;
mod idle_smoke_test;
pub(crate) mod idle_suppression;
mod keep_alive;
mod listens_on_localhost;
mod lockfile_drift;
mod missing_copy;
mod missing_output;
mod missing_variable;
mod mutable_tag;
mod no_dockerignore;
mod no_graceful_stop;
mod no_migration;
mod no_room;
mod node_env;
mod placeholder;
mod plain_http;
mod plain_secret;
mod port_mismatch;
mod private_subnets;
mod public_variable;
mod root_user;
mod signal_lost;
mod stale_secret;
mod static_keys;
mod task_size;
mod too_many_connections;
mod unverified_tls;
mod wildcard_permissions;
mod wrong_architecture;
mod wrong_commit;

use crate::rule::Rule;

/// Every rule: what keeps a task from starting first, then what loses requests or gives something away,
/// then pipelines.
pub const RULES: &[&Rule] = &[
    &does_not_start::RULE,
    &missing_variable::RULE,
    &development_import::RULE,
    &missing_output::RULE,
    &missing_copy::RULE,
    &lockfile_drift::RULE,
    &listens_on_localhost::RULE,
    &port_mismatch::RULE,
    &health_path::RULE,
    &health_program::RULE,
    &grace_period::RULE,
    &task_size::RULE,
    &wrong_architecture::RULE,
    &no_room::RULE,
    &execution_role::RULE,
    &private_subnets::RULE,
    &placeholder::RULE,
    &node_env::RULE,
    &public_variable::RULE,
    &no_migration::RULE,
    &unverified_tls::RULE,
    &too_many_connections::RULE,
    &plain_secret::RULE,
    &static_keys::RULE,
    &wildcard_permissions::RULE,
    &plain_http::RULE,
    &mutable_tag::RULE,
    &stale_secret::RULE,
    &no_graceful_stop::RULE,
    &signal_lost::RULE,
    &keep_alive::RULE,
    &drain::RULE,
    &artifact_across_runs::RULE,
    &wrong_commit::RULE,
    &idle_smoke_test::RULE,
    &end_of_life::RULE,
    &no_dockerignore::RULE,
    &root_user::RULE,
    &exec_read_only::RULE,
    &idle_suppression::RULE,
];
