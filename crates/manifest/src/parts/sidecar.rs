//! `sidecars`: further containers in the service's task.

use super::container::{check_variables, folder, image, user};
use super::depends::{CONDITIONS, Condition};
use super::health_check::HealthCheck;
use super::names;
use super::secrets::{SecretReference, secret_reference};
use crate::cx::Cx;
use crate::kind::{
    Command, any_text, command, cpu, flag, map, memory, one_of, part, record, seconds,
};
use model::{ImageRef, Span};
use std::collections::BTreeMap;

part! {
    /// A container beside the service's own, in the same task: they start and stop together and
    /// reach each other on localhost.
    pub struct Sidecar as SidecarRead, short "image", check check {
        /// The image.
        image: ImageRef = image(), [required];
        /// What is run, in place of the image's `CMD`.
        command: Option<Command> = command(),
            [optional "the image's own"];
        /// What is put before `command`, in place of the image's `ENTRYPOINT`.
        entrypoint: Option<Command> = command(),
            [optional "the image's own"];
        /// The folder in which it is run.
        working_dir: Option<String> = folder(),
            [optional "the image's own"], elsewhere ["workdir", "workingDirectory"];
        /// The user as whom it is run.
        user: Option<String> = user(),
            [optional "the image's own"];
        /// Variables that everybody may see.
        env: BTreeMap<String, String> = map(&names::VARIABLE, any_text()),
            [default "{}", because "a sidecar has its own variables, not the service's"],
            elsewhere ["environment", "variables"];
        /// Variables whose values are secrets.
        secrets: BTreeMap<String, SecretReference> = map(&names::VARIABLE, secret_reference()),
            [default "{}", because "no secret is given unasked"];
        /// The CPU that is kept for it, out of the task's.
        cpu: Option<u32> = cpu(),
            [optional "it shares with the others"];
        /// The most memory that it may take, out of the task's.
        memory: Option<u32> = memory(),
            [optional "as much as the task has"];
        /// Whether the task ends when it ends.
        essential: bool = flag(),
            [default "true", because
                "ECS's default; a task with a dead part is not what was deployed"];
        /// Containers of the same task that must have come so far before this one starts.
        wait_for: BTreeMap<String, Condition> = map(&names::CONTAINER, one_of(&CONDITIONS)),
            [default "{}", because "containers start together"],
            elsewhere ["depends_on", "dependsOn"];
        /// How it says of itself that it works.
        healthcheck: Option<HealthCheck> = record::<HealthCheck>(),
            [optional "nothing looks whether it works"], elsewhere ["health_check", "healthCheck"];
        /// Whether its file system can't be written.
        read_only: bool = flag(),
            [default "false", because "many images write temporary files"],
            elsewhere ["readonly", "readonlyRootFilesystem"];
        /// How long it has between the stop signal and the end.
        stop_timeout: Span = seconds(2, 120),
            [default "30s", because "AWS's default"],
            elsewhere ["stopTimeout", "stop_grace_period"];
    }
}

fn check(sidecar: &SidecarRead, cx: &mut Cx<'_>) {
    check_variables(sidecar.env.as_ref(), sidecar.secrets.as_ref(), cx);
}
