//! Where an application listens.

use serde::Serialize;

/// One listening socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listen {
    /// The port; the default, if a variable decides.
    pub port: Option<u16>,
    /// The environment variable that decides the port.
    pub variable: Option<String>,
    /// Who can reach it.
    pub host: Host,
}

/// The address that a server binds to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Host {
    /// Every address: reached from outside the container.
    All,
    /// Loopback: reached from inside the container only.
    Loopback,
    /// A named address.
    Named(String),
    /// An environment variable decides; `default` is what holds without it.
    Variable {
        /// Its name.
        name: String,
        /// The address without it.
        default: Option<String>,
    },
    /// It does not stand in the text.
    Unknown,
}

impl Host {
    /// The host of an address as programs write it.
    pub(crate) fn of(text: &str) -> Self {
        match text {
            "" | "0.0.0.0" | "::" | "[::]" | "*" => Self::All,
            "localhost" | "127.0.0.1" | "::1" | "[::1]" => Self::Loopback,
            other => Self::Named(other.to_owned()),
        }
    }
}

impl Listen {
    /// The parts of `0.0.0.0:3000` and `:3000`.
    pub(crate) fn of_address(address: &str) -> Option<Self> {
        let (host, port) = address.rsplit_once(':')?;
        Some(Self { port: Some(port.parse().ok()?), variable: None, host: Host::of(host) })
    }
}
