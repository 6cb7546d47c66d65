//! Those of AWS's own managed policies that roles of ECS tasks usually have, as AWS published them.
//!
//! Any other one of AWS's can be attached by its ARN all the same: there are well over a thousand,
//! and what they say matters to nobody here but the simulator, which says that it does not know it.

use model::Timestamp;

/// One of AWS's policies.
#[derive(Debug)]
pub(super) struct AmazonPolicy {
    /// `/` or `/path/`.
    pub(super) path: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// The number of its default version, the only one that is here.
    pub(super) version: u32,
    /// When AWS made it.
    pub(super) created_at: Timestamp,
    /// When AWS made that version.
    pub(super) updated_at: Timestamp,
    /// What it says.
    pub(super) document: &'static str,
}

/// Path, name, number of the version, and the two times in seconds.
macro_rules! policies {
    ($($path:literal $name:literal v $version:literal $created:literal $updated:literal;)*) => {
        &[$(AmazonPolicy {
            path: $path,
            name: $name,
            version: $version,
            created_at: Timestamp::from_seconds($created),
            updated_at: Timestamp::from_seconds($updated),
            document: include_str!(concat!("amazon/", $name, ".json")),
        },)*]
    };
}

/// The policies, in the order of their ARNs.
pub(super) static POLICIES: &[AmazonPolicy] = policies! {
    "/" "AWSXRayDaemonWriteAccess" v 2 1_535_497_233 1_707_861_510;
    "/" "AdministratorAccess" v 1 1_423_247_986 1_423_247_986;
    "/" "AmazonECSInfrastructureRolePolicyForLoadBalancers" v 6 1_752_770_227 1_770_919_265;
    "/" "AmazonECS_FullAccess" v 22 1_510_090_614 1_788_360_427;
    "/" "AmazonS3FullAccess" v 2 1_423_248_058 1_632_773_797;
    "/" "AmazonS3ReadOnlyAccess" v 3 1_423_248_059 1_691_703_099;
    "/" "AmazonSSMReadOnlyAccess" v 1 1_432_921_459 1_432_921_459;
    "/" "CloudWatchLogsFullAccess" v 8 1_423_248_002 1_770_919_233;
    "/" "PowerUserAccess" v 12 1_423_247_987 1_770_919_154;
    "/" "SecretsManagerReadWrite" v 6 1_522_865_129 1_787_701_030;
    "/service-role/" "AmazonECSInfrastructureRolePolicyForVolumes" v 5 1_704_927_401 1_770_919_354;
    "/service-role/" "AmazonECSTaskExecutionRolePolicy" v 1 1_510_858_102 1_510_858_102;
};

/// The policy with this ARN.
pub(super) fn find(arn: &str) -> Option<&'static AmazonPolicy> {
    POLICIES.iter().find(|policy| policy.arn() == arn)
}

// === impl AmazonPolicy ===

impl AmazonPolicy {
    /// `arn:aws:iam::aws:policy<path><name>`.
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }
}
