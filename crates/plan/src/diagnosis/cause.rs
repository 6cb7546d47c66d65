//! The causes that have a name.

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// What was asked for does not run.
    Failure,
    /// It runs, but not as well as it should.
    Warning,
}

/// Declares the causes once: as an enum, with the code of each, and with its documentation as a text
/// for the page that lists them.
macro_rules! causes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)*) => {
        /// A cause with a name. Names and codes stay; programs may rely on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Cause {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Cause {
            /// Every cause, in the order in which they are documented.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its code, `module-not-found`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What it means, as a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc,)+).trim_start(),)* }
            }
        }
    };
}

causes! {
    // === The task could not be put together ===

    /// A secret of Secrets Manager, or the version asked for, does not exist.
    SecretMissing = "secret-missing",
    /// A parameter of Parameter Store does not exist.
    ParameterMissing = "parameter-missing",
    /// A secret is there, but is no JSON object or lacks the key asked for.
    JsonKeyMissing = "json-key-missing",
    /// The execution role may not read a secret, write the log or pull the image.
    RoleDenied = "role-denied",
    /// Secrets, log group or registry can't be reached from the task's subnet.
    NetworkUnreachable = "network-unreachable",
    /// The log group does not exist.
    LogGroupMissing = "log-group-missing",
    /// AWS could not prepare the task for another reason.
    NotPrepared = "not-prepared",
    /// The image, or its tag, does not exist.
    ImageMissing = "image-missing",
    /// The registry asks for a login that the task does not have.
    ImageDenied = "image-denied",
    /// The registry refuses further pulls for now.
    PullLimit = "pull-limit",
    /// The registry can't be reached.
    RegistryUnreachable = "registry-unreachable",
    /// The image can't be had for another reason.
    ImageUnusable = "image-unusable",
    /// The command, or the interpreter of its script, is not in the image.
    CommandNotFound = "command-not-found",
    /// The command is there, but is not executable.
    NotExecutable = "not-executable",
    /// The program is for another CPU architecture.
    WrongArchitecture = "wrong-architecture",
    /// The container could not be started for another reason.
    NotStarted = "not-started",

    // === It ended by itself ===

    /// It used more memory than it has.
    OutOfMemory = "out-of-memory",
    /// A module, package or library is missing where the program runs.
    ModuleNotFound = "module-not-found",
    /// Another process listens on the port already.
    AddressInUse = "address-in-use",
    /// An environment variable that the program needs is not set.
    VariableMissing = "variable-missing",
    /// A database, cache or other service that it needs can't be reached.
    DependencyUnreachable = "dependency-unreachable",
    /// The database refused the user, the password or the database's name.
    DatabaseLogin = "database-login",
    /// Program and database do not agree on TLS.
    DatabaseTls = "database-tls",
    /// A table is not there: no migration has run.
    TableMissing = "table-missing",
    /// It may not read, write or listen where it tries to.
    PermissionDenied = "permission-denied",
    /// It ended with an exception that nothing caught.
    UncaughtException = "uncaught-exception",
    /// The command came to its end without an error; a service's command has to go on.
    Finished = "finished",
    /// It crashed in native code.
    Crashed = "crashed",
    /// Something killed it, and ECS says neither for memory nor to stop it.
    Killed = "killed",

    // === Its health checks fail ===

    /// The program of the container's health check is not in the image.
    HealthCommandMissing = "health-command-missing",
    /// The container's health check fails.
    HealthCommandFailed = "health-command-failed",
    /// The path of the health check is not one of the application's: 404.
    HealthPathMissing = "health-path-missing",
    /// The application answers the health check with an error of its own: 5xx.
    HealthServerError = "health-server-error",
    /// The application redirects the health check.
    HealthRedirect = "health-redirect",
    /// The application asks the health check for a login: 401 or 403.
    HealthForbidden = "health-forbidden",
    /// The application answers the health check with another status than the expected ones.
    HealthStatus = "health-status",
    /// The application does not answer the health check in time.
    HealthTimeout = "health-timeout",
    /// It listens on another port than the load balancer asks.
    WrongPort = "wrong-port",
    /// As a process, it does not listen on the port that `PORT` names.
    PortIgnored = "port-ignored",
    /// It listens on localhost only, where nothing outside its container reaches it.
    LocalhostOnly = "localhost-only",
    /// Nothing accepts connections on the port.
    NothingListens = "nothing-listens",
    /// It takes longer to start than the grace period lets it.
    SlowStart = "slow-start",
    /// The load balancer's health checks fail for another reason.
    Unhealthy = "unhealthy",

    // === The deployment ===

    /// It did not end when it was told to, and was killed after the stop timeout.
    StopSignalIgnored = "stop-signal-ignored",
    /// AWS took the Spot capacity back.
    SpotInterrupted = "spot-interrupted",
    /// An alarm that watches the deployment went off.
    AlarmTriggered = "alarm-triggered",
    /// ECS gave the deployment up and brought the old version back.
    RolledBack = "rolled-back",
    /// ECS gave the deployment up, and there is nothing to go back to, or it was told not to.
    BreakerTripped = "breaker-tripped",
    /// Minimum and maximum leave ECS no room to replace a task.
    NoRoomToMove = "no-room-to-move",
    /// AWS has no place for the task.
    NotPlaced = "not-placed",

    /// Nothing says why; everything that is known is shown.
    Unknown = "unknown",
}

impl Cause {
    /// How bad it is: what was lost in passing is worth a word, but no failure.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::StopSignalIgnored | Self::SpotInterrupted => Severity::Warning,
            _ => Severity::Failure,
        }
    }
}
