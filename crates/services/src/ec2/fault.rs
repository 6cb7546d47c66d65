//! EC2's refusals. Its model declares no errors; codes are those of EC2's list of error codes, and
//! texts are AWS's as observed, unless a comment says otherwise.

use super::tags;
use crate::tags::TagMistake;
use api::Fault;
use model::ZoneName;

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

// === What a request names and is not there ===

pub(super) fn no_internet_gateway(id: &str) -> Fault {
    let codes = ["InvalidInternetGatewayId.Malformed", "InvalidInternetGatewayID.NotFound"];
    by_id(id, "igw-", codes, format!("The internetGateway ID '{id}' does not exist"))
}

/// The gateway of a route.
pub(super) fn no_gateway(id: &str) -> Fault {
    Fault::refuse("InvalidGatewayID.NotFound", format!("The gateway ID '{id}' does not exist"))
}

pub(super) fn no_route_table(id: &str) -> Fault {
    let codes = ["InvalidRouteTableId.Malformed", "InvalidRouteTableID.NotFound"];
    by_id(id, "rtb-", codes, format!("The routeTable ID '{id}' does not exist"))
}

pub(super) fn no_association(id: &str) -> Fault {
    let message = format!("The association ID '{id}' does not exist");
    Fault::refuse("InvalidAssociationID.NotFound", message)
}

pub(super) fn no_route(destination: &str, table: &str) -> Fault {
    let message =
        format!("no route with destination-cidr-block {destination} in route table {table}");
    Fault::refuse("InvalidRoute.NotFound", message)
}

pub(super) fn no_rule(id: &str) -> Fault {
    let message = format!("The security group rule ID '{id}' does not exist");
    Fault::refuse("InvalidSecurityGroupRuleId.NotFound", message)
}

/// A rule that is named by what it allows.
pub(super) fn no_such_rule() -> Fault {
    let message = "The specified rule does not exist in this security group.";
    Fault::refuse("InvalidPermission.NotFound", message)
}

pub(super) fn no_allocation(id: &str) -> Fault {
    let message = format!("The allocation ID '{id}' does not exist");
    Fault::refuse("InvalidAllocationID.NotFound", message)
}

pub(super) fn no_address(address: &str) -> Fault {
    Fault::refuse("InvalidAddress.NotFound", format!("Address '{address}' not found."))
}

pub(super) fn no_nat_gateway(id: &str) -> Fault {
    Fault::refuse("NatGatewayNotFound", format!("NAT gateway {id} was not found"))
}

/// The NAT gateway of a route.
pub(super) fn no_nat_for_route(id: &str) -> Fault {
    let message = format!("The natGateway ID '{id}' does not exist");
    Fault::refuse("InvalidNatGatewayID.NotFound", message)
}

pub(super) fn no_acl(id: &str) -> Fault {
    let codes = ["InvalidNetworkAclId.Malformed", "InvalidNetworkAclID.NotFound"];
    by_id(id, "acl-", codes, format!("The networkAcl ID '{id}' does not exist"))
}

pub(super) fn no_endpoint(id: &str) -> Fault {
    let message = format!("The Vpc Endpoint Id '{id}' does not exist");
    Fault::refuse("InvalidVpcEndpointId.NotFound", message)
}

pub(super) fn no_such_id(id: &str) -> Fault {
    Fault::refuse("InvalidID", format!("The ID '{id}' is not valid"))
}

pub(super) fn no_group_named() -> Fault {
    let message = "The request must contain the parameter groupName or groupId";
    Fault::refuse("MissingParameter", message)
}

// === What a request lacks, or says wrongly ===

pub(super) fn missing(parameter: &str) -> Fault {
    let message = format!("The request must contain the parameter {parameter}");
    Fault::refuse("MissingParameter", message)
}

/// Our own words: AWS takes it.
pub(super) fn not_implemented(member: &str) -> Fault {
    let message = format!("{member} is not implemented by the local region");
    Fault::refuse("UnsupportedOperation", message)
}

/// Our own words: AWS lets its default VPCs be taken apart.
pub(super) fn local_vpc() -> Fault {
    let message = "the local region's default VPC stays: tasks have their addresses there";
    Fault::refuse("OperationNotPermitted", message)
}

pub(super) fn bad_tags(mistake: TagMistake) -> Fault {
    let (code, message) = tags::mistake(&mistake);
    Fault::refuse(code, message)
}

pub(super) fn not_taggable(kind: &str) -> Fault {
    let message = format!("'{kind}' is not a valid taggable resource type for this operation.");
    Fault::refuse("InvalidParameterValue", message)
}

pub(super) fn no_cidr(parameter: &str, text: &str) -> Fault {
    let message = format!(
        "Value ({text}) for parameter {parameter} is invalid. This is not a valid CIDR block."
    );
    Fault::refuse("InvalidParameterValue", message)
}

/// A range of a security group's rule.
pub(super) fn no_block(text: &str) -> Fault {
    Fault::refuse("InvalidParameterValue", format!("CIDR block {text} is malformed"))
}

pub(super) fn vpc_range(text: &str) -> Fault {
    Fault::refuse("InvalidVpc.Range", format!("The CIDR '{text}' is invalid."))
}

pub(super) fn subnet_range(text: &str) -> Fault {
    Fault::refuse("InvalidSubnet.Range", format!("The CIDR '{text}' is invalid."))
}

pub(super) fn subnet_conflict(text: &str) -> Fault {
    let message = format!("The CIDR '{text}' conflicts with another subnet");
    Fault::refuse("InvalidSubnet.Conflict", message)
}

pub(super) fn no_subnet_zone(name: &str, zones: &[ZoneName]) -> Fault {
    let zones: Vec<&str> = zones.iter().map(ZoneName::as_str).collect();
    let message = format!(
        "Value ({name}) for parameter availabilityZone is invalid. Subnets can currently only be \
         created in the following availability zones: {}.",
        zones.join(", ")
    );
    Fault::refuse("InvalidParameterValue", message)
}

pub(super) fn bad_group_name(name: &str) -> Fault {
    let message = format!(
        "Value ({name}) for parameter groupName is invalid. Invalid security group name. Valid \
         names are non-empty strings less than 256 characters from the following set: a-z, A-Z, \
         0-9, spaces, ._-:/()#,@[]+=&;{{}}!$*"
    );
    Fault::refuse("InvalidParameterValue", message)
}

pub(super) fn reserved_group_name() -> Fault {
    let message = "Cannot use reserved security group name: default";
    Fault::refuse("InvalidParameterValue", message)
}

pub(super) fn bad_protocol(protocol: &str) -> Fault {
    let message = format!("Invalid value '{protocol}' for IP protocol. Unknown protocol.");
    Fault::refuse("InvalidParameterValue", message)
}

/// Text unverified.
pub(super) fn needs_ports(protocol: &str) -> Fault {
    let message = format!(
        "Invalid value 'Must specify both from and to ports with {}.' for portRange.",
        protocol.to_ascii_uppercase()
    );
    Fault::refuse("InvalidParameterValue", message)
}

/// Text unverified.
pub(super) fn bad_ports(protocol: &str, from: i32, to: i32) -> Fault {
    let protocol = protocol.to_ascii_uppercase();
    let message = format!("Invalid {protocol} port range ({from}, {to}).");
    Fault::refuse("InvalidParameterValue", message)
}

/// Text unverified.
pub(super) fn no_peers() -> Fault {
    let message = "A permission must name a range of addresses or a security group";
    Fault::refuse("InvalidParameterValue", message)
}

/// Text unverified.
pub(super) fn no_permissions() -> Fault {
    let message = "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.";
    Fault::refuse("MissingParameter", message)
}

/// Text unverified.
pub(super) fn rules_twice() -> Fault {
    let message = "The parameter ipPermissions cannot be used with the parameter ipProtocol";
    Fault::refuse("InvalidParameterCombination", message)
}

pub(super) fn groups_apart() -> Fault {
    let message = "You have specified two resources that belong to different networks.";
    Fault::refuse("InvalidGroup.NotFound", message)
}

pub(super) fn other_networks(kind: &str, id: &str, other_kind: &str, other: &str) -> Fault {
    let message = format!("{kind} {id} and {other_kind} {other} belong to different networks");
    Fault::refuse("InvalidParameterValue", message)
}

pub(super) fn route_within(destination: &str) -> Fault {
    let message = format!(
        "The destination CIDR block {destination} is equal to or more specific than one of this \
         VPC's CIDR blocks. This route can target only an interface or an instance."
    );
    Fault::refuse("InvalidParameterValue", message)
}

/// Text unverified.
pub(super) fn two_ways() -> Fault {
    let message = "The parameter gatewayId cannot be used with the parameter natGatewayId";
    Fault::refuse("InvalidParameterCombination", message)
}

pub(super) fn no_way() -> Fault {
    let message = "The request must contain exactly one of gatewayId, natGatewayId, \
                   networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, \
                   transitGatewayId, localGatewayId, carrierGatewayId, instanceId, or \
                   vpcEndpointId";
    Fault::refuse("MissingParameter", message)
}

/// Text unverified.
pub(super) fn private_with_address() -> Fault {
    let message = "A private NAT gateway can't have an elastic IP address";
    Fault::refuse("InvalidParameterCombination", message)
}

// === What is there already, or in use ===

pub(super) fn dependency(kind: &str, id: &str) -> Fault {
    let message = format!("The {kind} '{id}' has dependencies and cannot be deleted.");
    Fault::refuse("DependencyViolation", message)
}

pub(super) fn group_dependency(id: &str) -> Fault {
    Fault::refuse("DependencyViolation", format!("resource {id} has a dependent object"))
}

pub(super) fn default_group(id: &str) -> Fault {
    let message =
        format!("the specified group: \"{id}\" name: \"default\" cannot be deleted by a user");
    Fault::refuse("CannotDelete", message)
}

pub(super) fn group_exists(name: &str, vpc: &str) -> Fault {
    let message = format!("The security group '{name}' already exists for VPC '{vpc}'");
    Fault::refuse("InvalidGroup.Duplicate", message)
}

pub(super) fn rule_exists(rule: &str) -> Fault {
    let message = format!("the specified rule \"{rule}\" already exists");
    Fault::refuse("InvalidPermission.Duplicate", message)
}

pub(super) fn too_many_rules() -> Fault {
    let message = "The maximum number of rules per security group has been reached.";
    Fault::refuse("RulesPerSecurityGroupLimitExceeded", message)
}

pub(super) fn gateway_attached(gateway: &str, vpc: &str) -> Fault {
    let message = format!("resource {gateway} is already attached to network {vpc}");
    Fault::refuse("Resource.AlreadyAssociated", message)
}

pub(super) fn has_gateway(vpc: &str) -> Fault {
    let message = format!("Network {vpc} already has an internet gateway attached");
    Fault::refuse("InvalidParameterValue", message)
}

pub(super) fn gateway_not_attached(gateway: &str, vpc: &str) -> Fault {
    let message = format!("resource {gateway} is not attached to network {vpc}");
    Fault::refuse("Gateway.NotAttached", message)
}

pub(super) fn mapped_addresses(vpc: &str) -> Fault {
    let message = format!(
        "Network {vpc} has some mapped public address(es). Please unmap those public address(es) \
         before detaching the gateway."
    );
    Fault::refuse("DependencyViolation", message)
}

pub(super) fn table_associated(table: &str) -> Fault {
    let message = format!(
        "the specified association for route table {table} conflicts with an existing association"
    );
    Fault::refuse("Resource.AlreadyAssociated", message)
}

pub(super) fn main_association(id: &str) -> Fault {
    let message = format!("cannot disassociate the main route table association {id}");
    Fault::refuse("InvalidParameterValue", message)
}

pub(super) fn route_exists(destination: &str) -> Fault {
    let message = format!("The route identified by {destination} already exists.");
    Fault::refuse("RouteAlreadyExists", message)
}

pub(super) fn no_addresses_left() -> Fault {
    let message = "The maximum number of addresses has been reached.";
    Fault::refuse("AddressLimitExceeded", message)
}

pub(super) fn address_in_use(address: &str) -> Fault {
    Fault::refuse("InvalidIPAddress.InUse", format!("Address {address} is in use."))
}

pub(super) fn address_associated(id: &str) -> Fault {
    let message = format!("Elastic IP address [{id}] is already associated");
    Fault::refuse("Resource.AlreadyAssociated", message)
}
