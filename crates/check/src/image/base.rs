//! What base images hold, by their names.

use super::Has;

/// A kind of base image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// Alpine: busybox, with `wget`, without `curl` and without bash.
    Alpine,
    /// Debian or Ubuntu with next to nothing.
    Slim,
    /// A language's image on Debian with its build tools, `curl` and `wget`.
    Full,
    /// Nothing but the runtime: not even a shell.
    Distroless,
    /// Nothing at all.
    Scratch,
    /// Something else.
    Other,
}

/// Languages whose plain images stand on Debian's `buildpack-deps`.
const LANGUAGES: [&str; 6] = ["node", "python", "ruby", "golang", "rust", "buildpack-deps"];

/// Programs that Alpine's busybox has.
const BUSYBOX: [&str; 12] =
    ["sh", "wget", "nc", "ash", "echo", "test", "cat", "true", "kill", "ps", "grep", "pgrep"];

/// Programs that no shell is without, or that Debian always has.
const ALWAYS: [&str; 9] = ["sh", "echo", "test", "cat", "true", "kill", "grep", "exit", "["];

/// Programs whose absence from small images is known.
const KNOWN: [&str; 10] =
    ["curl", "wget", "nc", "netcat", "bash", "jq", "ps", "pgrep", "psql", "python3"];

impl Base {
    /// The kind of an image by its name: `public.ecr.aws/docker/library/node:22-alpine`.
    pub(crate) fn of(image: &str) -> Self {
        let image = image.split('@').next().unwrap_or(image);
        let (path, tag) = match image.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => (path, tag),
            _ => (image, ""),
        };
        let name = path.rsplit('/').next().unwrap_or(path);
        if name == "scratch" {
            Self::Scratch
        } else if path.contains("distroless") || path.starts_with("cgr.dev/") {
            Self::Distroless
        } else if name == "alpine" || tag.contains("alpine") {
            Self::Alpine
        } else if tag.contains("slim") || matches!(name, "debian" | "ubuntu") {
            Self::Slim
        } else if LANGUAGES.contains(&name) && !path.contains('.') {
            Self::Full
        } else {
            Self::Other
        }
    }

    /// What people call it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Alpine => "Alpine",
            Self::Slim => "a slim image",
            Self::Full => "a full image",
            Self::Distroless => "a distroless image",
            Self::Scratch => "an empty image",
            Self::Other => "its base",
        }
    }

    /// Whether it has a program that nobody installed.
    pub(crate) fn has_program(self, name: &str) -> Has {
        let known = KNOWN.contains(&name);
        match self {
            Self::Scratch => Has::No,
            Self::Distroless if known || ALWAYS.contains(&name) => Has::No,
            Self::Alpine if BUSYBOX.contains(&name) => Has::Yes,
            Self::Slim | Self::Full if ALWAYS.contains(&name) || name == "bash" => Has::Yes,
            Self::Full if matches!(name, "curl" | "wget" | "python3" | "ps" | "pgrep") => Has::Yes,
            Self::Alpine | Self::Slim | Self::Full if known => Has::No,
            Self::Alpine | Self::Slim | Self::Full | Self::Distroless | Self::Other => Has::Unknown,
        }
    }

    /// Whether it has a shell, without which a line can't be run.
    pub(crate) fn has_shell(self) -> Has {
        match self {
            Self::Alpine | Self::Slim | Self::Full => Has::Yes,
            Self::Distroless | Self::Scratch => Has::No,
            Self::Other => Has::Unknown,
        }
    }

    /// Whether its own files are known to lie elsewhere than an application's.
    pub(super) fn is_plain(self) -> bool {
        self != Self::Other
    }
}
