//! What of a container a plain process can't have.

use super::environment::volume_variable;
use crate::{Container, Unsupported};

/// Everything of a container that has no effect as a process.
pub(super) fn unsupported(container: &Container) -> Vec<Unsupported> {
    let mut list = Vec::new();
    let mut add = |set: bool, field, why: String| {
        list.extend(set.then_some(Unsupported { field, why }));
    };
    let reserved = container.reserved;
    let cpu = reserved.task_cpu > 0 || reserved.cpu > 0;
    add(cpu, "cpu", "a process may use every CPU of this machine".to_owned());
    let memory = reserved.task_memory > 0 || reserved.memory.is_some();
    add(memory, "memory", "a process may use all memory of this machine".to_owned());
    let reservation = reserved.memory_reservation.is_some();
    add(reservation, "memoryReservation", "no memory is kept for a process".to_owned());
    let user = "the process runs as the user who started the region".to_owned();
    add(container.user.is_some(), "user", user);
    let root = "the process can write wherever that user can".to_owned();
    add(container.read_only_root, "readonlyRootFilesystem", root);
    let capabilities = &container.capabilities;
    let changed = !capabilities.add.is_empty() || !capabilities.drop.is_empty();
    let why = "the process has the capabilities of the region".to_owned();
    add(changed, "linuxParameters.capabilities", why);
    let sysctls = "the process has this machine's kernel parameters".to_owned();
    add(!container.system_controls.is_empty(), "systemControls", sysctls);
    let labels = "a process has no labels".to_owned();
    add(!container.labels.is_empty(), "dockerLabels", labels);
    add(container.tty, "pseudoTerminal", "no terminal is attached".to_owned());
    for mount in &container.mounts {
        let variable = volume_variable(&mount.volume);
        let why = format!(
            "the volume is not at {}: ${variable} names its folder, and it can be written",
            mount.path
        );
        add(true, "mountPoints", why);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mount, Reserved};

    #[test]
    fn a_plain_container_loses_nothing() {
        assert_eq!(unsupported(&Container::default()), []);
    }

    #[test]
    fn a_volume_says_where_it_is() {
        let mount = Mount { volume: "data".into(), path: "/data".into(), read_only: false };
        let container = Container { mounts: vec![mount], ..Container::default() };
        let [unsupported] = &unsupported(&container)[..] else { panic!("one field") };
        assert_eq!(unsupported.field, "mountPoints");
        assert!(unsupported.why.contains("/data"), "{}", unsupported.why);
        assert!(unsupported.why.contains("$NEARGATE_VOLUME_DATA"), "{}", unsupported.why);
    }

    #[test]
    fn every_field_is_named_as_aws_names_it() {
        let container = Container {
            user: Some("node".to_owned()),
            read_only_root: true,
            tty: true,
            labels: [("a".to_owned(), "b".to_owned())].into(),
            system_controls: [("a".to_owned(), "b".to_owned())].into(),
            capabilities: crate::Capabilities { add: vec!["SYS_PTRACE".into()], drop: vec![] },
            reserved: Reserved { task_cpu: 256, task_memory: 512, ..Reserved::default() },
            ..Container::default()
        };
        let fields: Vec<&str> = unsupported(&container).iter().map(|entry| entry.field).collect();
        assert_eq!(
            fields,
            [
                "cpu",
                "memory",
                "user",
                "readonlyRootFilesystem",
                "linuxParameters.capabilities",
                "systemControls",
                "dockerLabels",
                "pseudoTerminal"
            ]
        );
    }
}
