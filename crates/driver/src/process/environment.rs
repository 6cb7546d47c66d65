//! The environment of a task's processes: what is given, and nothing of the region's own.
//!
//! Every container gets, each overridden by what its image, its definition and its secrets say:
//!
//! | variable | value |
//! |---|---|
//! | `PATH` | the region's own at its start: the one thing inherited, or no program would be found |
//! | `HOME`, `TMPDIR` | a folder of the container's own |
//! | `HOSTNAME` | the task's address: frameworks that listen on `HOSTNAME` then listen where they should |
//! | `PORT` | the port to listen on, for the container's first port |
//! | `PORT_<n>` | the port to listen on, or to reach, for each port `n` of the task |
//! | `NEARGATE_VOLUME_<NAME>` | the folder of each volume that it mounts |
//!
//! A `PORT` that the image or definition sets to one of the task's ports is translated: it names the
//! port that the program is to listen on, which is another one here.

use crate::{Binding, Container};
use model::Secret;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

/// What surrounds a container on this machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// Where programs are found.
    pub(super) path: &'a str,
    /// The container's own folder.
    pub(super) home: &'a Path,
    /// The task's address.
    pub(super) address: Ipv4Addr,
    /// The task's ports.
    pub(super) ports: &'a [Binding],
    /// The task's volumes that the container mounts, by name.
    pub(super) volumes: &'a BTreeMap<String, PathBuf>,
}

/// The whole environment of a container.
pub(super) fn compose(
    container: &Container,
    image: &BTreeMap<String, String>,
    here: Surroundings<'_>,
) -> BTreeMap<String, Secret> {
    let mut all = given(container, here);
    all.extend(image.clone());
    all.extend(container.environment.clone());
    translate_port(&mut all, here.ports);
    let mut all: BTreeMap<String, Secret> =
        all.into_iter().map(|(name, value)| (name, value.into())).collect();
    all.extend(container.secrets.clone());
    all
}

/// The variable that names a volume's folder.
pub(super) fn volume_variable(name: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("NEARGATE_VOLUME_{}", name.chars().map(word).collect::<String>())
}

fn given(container: &Container, here: Surroundings<'_>) -> BTreeMap<String, String> {
    let home = here.home.display().to_string();
    let mut given = BTreeMap::from([
        ("PATH".to_owned(), here.path.to_owned()),
        ("HOME".to_owned(), home.clone()),
        ("TMPDIR".to_owned(), home),
        ("HOSTNAME".to_owned(), here.address.to_string()),
    ]);
    for binding in here.ports {
        given.insert(format!("PORT_{}", binding.port.number), binding.host_port.to_string());
        if container.ports.first() == Some(&binding.port) {
            given.insert("PORT".to_owned(), binding.host_port.to_string());
        }
    }
    let folders = here.volumes.iter();
    given.extend(folders.map(|(name, path)| (volume_variable(name), path.display().to_string())));
    given
}

fn translate_port(all: &mut BTreeMap<String, String>, ports: &[Binding]) {
    if let Some(port) = all.get_mut("PORT")
        && let Some(named) = ports.iter().find(|known| known.port.number.to_string() == *port)
    {
        *port = named.host_port.to_string();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Port;

    fn composed(container: &Container, image: &[(&str, &str)]) -> BTreeMap<String, String> {
        let ports = [
            Binding { port: Port::tcp(3000), host_port: 20_001 },
            Binding { port: Port::tcp(9000), host_port: 20_002 },
        ];
        let here = Surroundings {
            path: "/bin",
            home: Path::new("/home"),
            address: Ipv4Addr::new(127, 31, 0, 5),
            ports: &ports,
            volumes: &BTreeMap::from([("my-data".to_owned(), PathBuf::from("/v"))]),
        };
        let image = image.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let all = compose(container, &image.collect(), here);
        all.into_iter().map(|(name, value)| (name, value.reveal().to_owned())).collect()
    }

    fn container(environment: &[(&str, &str)]) -> Container {
        let own = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Container {
            ports: vec![Port::tcp(9000)],
            environment: own.collect(),
            ..Container::default()
        }
    }

    fn check(container: &Container, image: &[(&str, &str)], name: &str, expected: Option<&str>) {
        assert_eq!(composed(container, image).get(name).map(String::as_str), expected, "{name}");
    }

    #[test]
    fn a_container_gets_what_is_documented_and_nothing_else() {
        let all = composed(&container(&[]), &[]);
        let names: Vec<&str> = all.keys().map(String::as_str).collect();
        let volume = "NEARGATE_VOLUME_MY_DATA";
        assert_eq!(
            names,
            ["HOME", "HOSTNAME", volume, "PATH", "PORT", "PORT_3000", "PORT_9000", "TMPDIR"]
        );
        assert_eq!(all["HOSTNAME"], "127.31.0.5");
        assert_eq!(all[volume], "/v");
    }

    #[test]
    fn port_is_the_first_of_the_containers_own_ports() {
        check(&container(&[]), &[], "PORT", Some("20002"));
        check(&Container::default(), &[], "PORT", None);
        check(&Container::default(), &[], "PORT_3000", Some("20001"));
    }

    #[test]
    fn a_port_that_names_one_of_the_tasks_is_translated() {
        check(&container(&[("PORT", "9000")]), &[], "PORT", Some("20002"));
        check(&container(&[]), &[("PORT", "3000")], "PORT", Some("20001"));
        check(&container(&[("PORT", "8080")]), &[], "PORT", Some("8080"));
    }

    #[test]
    fn secrets_win_over_plain_variables_and_those_over_the_image() {
        let mut container = container(&[("A", "definition"), ("B", "definition")]);
        container.secrets.insert("A".to_owned(), "secret".into());
        let image = [("A", "image"), ("B", "image"), ("C", "image"), ("PATH", "/image")];
        for (name, expected) in
            [("A", "secret"), ("B", "definition"), ("C", "image"), ("PATH", "/image")]
        {
            check(&container, &image, name, Some(expected));
        }
    }
}
