//! EC2's refusals. Its model declares no errors; codes are those of EC2's list of error codes, and
//! texts are AWS's as observed, unless a comment says otherwise.

use api::Fault;

pub(super) fn dry_run() -> Fault {
    Fault::refuse("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
        .with_status(412)
}

pub(super) fn bad_filter(name: &str) -> Fault {
    Fault::refuse("InvalidParameterValue", format!("The filter '{name}' is invalid"))
}

pub(super) fn bad_token(token: Option<&str>) -> Fault {
    // Text as moto has it.
    let token = token.unwrap_or_default();
    Fault::refuse("InvalidNextToken", format!("The token '{token}' is invalid"))
}

pub(super) fn ids_and_pages() -> Fault {
    let message = "The parameter networkInterfaceIds cannot be used with the parameter maxResults";
    // Text unverified: EC2 words it so for `DescribeInstances`.
    Fault::refuse("InvalidParameterCombination", message)
}

pub(super) fn no_vpc(id: &str) -> Fault {
    let codes = ["InvalidVpcID.Malformed", "InvalidVpcID.NotFound"];
    by_id(id, "vpc-", codes, format!("The vpc ID '{id}' does not exist"))
}

pub(super) fn no_subnet(id: &str) -> Fault {
    let codes = ["InvalidSubnetID.Malformed", "InvalidSubnetID.NotFound"];
    by_id(id, "subnet-", codes, format!("The subnet ID '{id}' does not exist"))
}

pub(super) fn no_group(id: &str) -> Fault {
    let codes = ["InvalidGroupId.Malformed", "InvalidGroup.NotFound"];
    by_id(id, "sg-", codes, format!("The security group '{id}' does not exist"))
}

pub(super) fn no_group_name(name: &str, vpc: &str) -> Fault {
    let message = format!("The security group '{name}' does not exist in default VPC '{vpc}'");
    Fault::refuse("InvalidGroup.NotFound", message)
}

pub(super) fn no_interface(id: &str) -> Fault {
    let codes = ["InvalidNetworkInterfaceId.Malformed", "InvalidNetworkInterfaceID.NotFound"];
    by_id(id, "eni-", codes, format!("The networkInterface ID '{id}' does not exist"))
}

pub(super) fn no_zone(name: &str) -> Fault {
    let message = format!("Invalid availability zone: [{name}]");
    Fault::refuse("InvalidParameterValue", message)
}

/// An id that no row has: malformed when it has not even the right prefix.
fn by_id(id: &str, prefix: &str, codes: [&'static str; 2], absent: String) -> Fault {
    let [malformed, not_found] = codes;
    if id.starts_with(prefix) {
        Fault::refuse(not_found, absent)
    } else {
        let message = format!("Invalid id: \"{id}\" (expecting \"{prefix}...\")");
        Fault::refuse(malformed, message)
    }
}
