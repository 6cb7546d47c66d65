//! What is accepted and has no effect here.

/// Members that the region takes, and shows where AWS shows them, and that change nothing locally;
/// with the reason. The documentation's list is made from this one. Members that would change what a
/// user sees running are refused instead.
pub const STORED_ONLY: &[(&str, &str)] = &[
    // Clusters and the account.
    (
        "CreateCluster.configuration",
        "sessions of ExecuteCommand are neither logged nor encrypted; managed storage is not implemented",
    ),
    (
        "UpdateCluster.configuration",
        "sessions of ExecuteCommand are neither logged nor encrypted; managed storage is not implemented",
    ),
    ("CreateCluster.settings", "Container Insights are not collected"),
    ("UpdateCluster.settings", "Container Insights are not collected"),
    ("UpdateClusterSettings.settings", "Container Insights are not collected"),
    (
        "PutAccountSetting.name",
        "containerInsights is what new clusters begin with; the other settings change nothing",
    ),
    (
        "PutAccountSettingDefault.name",
        "containerInsights is what new clusters begin with; the other settings change nothing",
    ),
    // Task definitions.
    ("RegisterTaskDefinition.executionRoleArn", "roles are not checked against policies"),
    ("RegisterTaskDefinition.pidMode", "containers of a task do not share processes"),
    ("RegisterTaskDefinition.proxyConfiguration", "there is no App Mesh: traffic goes straight"),
    ("RegisterTaskDefinition.ephemeralStorage", "a task's disk is not limited"),
    ("RegisterTaskDefinition.enableFaultInjection", "there are no fault injection endpoints"),
    (
        "RegisterTaskDefinition.containerDefinitions.repositoryCredentials",
        "images are pulled with this machine's credentials",
    ),
    (
        "RegisterTaskDefinition.containerDefinitions.portMappings.containerPortRange",
        "under Docker all of a task's ports can be reached; the process driver opens single ports only",
    ),
    (
        "RegisterTaskDefinition.containerDefinitions.portMappings.appProtocol",
        "it matters to Service Connect only",
    ),
    (
        "RegisterTaskDefinition.containerDefinitions.firelensConfiguration",
        "the router runs as any container does; no output is sent to it",
    ),
    (
        "RegisterTaskDefinition.containerDefinitions.logConfiguration.logDriver",
        "awslogs is delivered; with splunk and awsfirelens the output goes nowhere",
    ),
    (
        "RegisterTaskDefinition.containerDefinitions.logConfiguration.options.awslogs-region",
        "output is kept in the local region",
    ),
    (
        "RegisterTaskDefinition.containerDefinitions.logConfiguration.options.awslogs-datetime-format",
        "each line is an event",
    ),
    (
        "RegisterTaskDefinition.containerDefinitions.logConfiguration.options.awslogs-multiline-pattern",
        "each line is an event",
    ),
    (
        "RegisterTaskDefinition.containerDefinitions.logConfiguration.options.mode",
        "output never blocks a container",
    ),
    (
        "RegisterTaskDefinition.containerDefinitions.logConfiguration.options.max-buffer-size",
        "output never blocks a container",
    ),
    (
        "RegisterTaskDefinition.containerDefinitions.logConfiguration.secretOptions",
        "they matter to splunk and awsfirelens only",
    ),
    // Services and tasks.
    (
        "CreateService.networkConfiguration.awsvpcConfiguration.securityGroups",
        "traffic is not filtered",
    ),
    (
        "UpdateService.networkConfiguration.awsvpcConfiguration.securityGroups",
        "traffic is not filtered",
    ),
    ("RunTask.networkConfiguration.awsvpcConfiguration.securityGroups", "traffic is not filtered"),
    (
        "CreateService.networkConfiguration.awsvpcConfiguration.assignPublicIp",
        "tasks have private addresses only",
    ),
    (
        "UpdateService.networkConfiguration.awsvpcConfiguration.assignPublicIp",
        "tasks have private addresses only",
    ),
    (
        "RunTask.networkConfiguration.awsvpcConfiguration.assignPublicIp",
        "tasks have private addresses only",
    ),
    (
        "CreateService.loadBalancers.advancedConfiguration.roleArn",
        "roles are not checked against policies",
    ),
    (
        "UpdateService.loadBalancers.advancedConfiguration.roleArn",
        "roles are not checked against policies",
    ),
    ("CreateService.platformVersion", "there is one platform"),
    ("UpdateService.platformVersion", "a new deployment begins; there is one platform"),
    ("RunTask.platformVersion", "there is one platform"),
    (
        "CreateService.availabilityZoneRebalancing",
        "new tasks go to the emptiest zone; running ones are never moved",
    ),
    (
        "UpdateService.availabilityZoneRebalancing",
        "new tasks go to the emptiest zone; running ones are never moved",
    ),
    ("CreateService.monitoring", "metrics are not collected"),
    ("UpdateService.monitoring", "metrics are not collected"),
    ("RunTask.referenceId", "AWS does not show it, and nothing else uses it"),
    ("RunTask.overrides.executionRoleArn", "roles are not checked against policies"),
    ("RunTask.overrides.ephemeralStorage", "a task's disk is not limited"),
];
