//! The network interfaces of tasks, from when they are asked for until they are gone.

use super::filter::{Field, flag, maybe, passing};
use super::{Wanted, chosen, dry, fault, pages, zone};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use world::task::Attachment;
use world::{Task, World};

const FIELDS: &[Field<NetworkInterface>] = &[
    Field {
        names: &["network-interface-id"],
        values: |interface| maybe(interface.network_interface_id.as_ref()),
    },
    Field {
        names: &["private-ip-address", "addresses.private-ip-address"],
        values: |interface| maybe(interface.private_ip_address.as_ref()),
    },
    Field { names: &["addresses.primary"], values: |_| vec!["true".to_owned()] },
    Field {
        names: &["private-dns-name"],
        values: |interface| maybe(interface.private_dns_name.as_ref()),
    },
    Field { names: &["description"], values: |interface| maybe(interface.description.as_ref()) },
    Field { names: &["subnet-id"], values: |interface| maybe(interface.subnet_id.as_ref()) },
    Field { names: &["vpc-id"], values: |interface| maybe(interface.vpc_id.as_ref()) },
    Field {
        names: &["availability-zone"],
        values: |interface| maybe(interface.availability_zone.as_ref()),
    },
    Field {
        names: &["group-id"],
        values: |interface| groups(interface, |group| group.group_id.clone()),
    },
    Field {
        names: &["group-name"],
        values: |interface| groups(interface, |group| group.group_name.clone()),
    },
    Field { names: &["mac-address"], values: |interface| maybe(interface.mac_address.as_ref()) },
    Field { names: &["owner-id"], values: |interface| maybe(interface.owner_id.as_ref()) },
    Field { names: &["status"], values: |interface| maybe(interface.status.as_ref()) },
    Field {
        names: &["attachment.status"],
        values: |interface| {
            maybe(interface.attachment.as_ref().and_then(|attachment| attachment.status.as_ref()))
        },
    },
    Field {
        names: &["interface-type"],
        values: |interface| maybe(interface.interface_type.as_ref()),
    },
    Field { names: &["requester-managed"], values: |interface| flag(interface.requester_managed) },
    Field { names: &["source-dest-check"], values: |interface| flag(interface.source_dest_check) },
];

/// `DescribeNetworkInterfaces`.
pub(super) fn describe(
    world: &World,
    _: &Cx<'_>,
    input: DescribeNetworkInterfacesRequest,
) -> Result<DescribeNetworkInterfacesResult, Fault> {
    dry(input.dry_run)?;
    let ids = input.network_interface_ids.as_deref();
    if ids.is_some() && input.max_results.is_some() {
        return Err(fault::ids_and_pages());
    }
    let mut rows: Vec<_> = world.tasks.iter().filter_map(|task| show(world, task)).collect();
    rows.sort_by(|one, other| one.network_interface_id.cmp(&other.network_interface_id));
    let id = |interface: &NetworkInterface| interface.network_interface_id.clone();
    let rows = chosen(
        rows,
        ids,
        |interface| interface.network_interface_id.as_deref(),
        fault::no_interface,
    )?;
    let rows = passing(rows, input.filters.as_deref(), FIELDS)?;
    let listing = "DescribeNetworkInterfaces";
    let wanted = Wanted { listing, token: input.next_token, most: input.max_results };
    let page = pages(rows, &wanted, id)?;
    Ok(DescribeNetworkInterfacesResult {
        network_interfaces: Some(page.rows),
        next_token: page.next,
    })
}

/// A task's interface, if there is one.
fn show(world: &World, task: &Task) -> Option<NetworkInterface> {
    let (status, attached) = statuses(task.attachment)?;
    let (eni, place) = (&task.eni, &world.place);
    let address = eni.address.to_string();
    let host = format!("ip-{}.{}.compute.internal", address.replace('.', "-"), place.region);
    let member = |id: &model::SecurityGroupId| GroupIdentifier {
        group_id: Some(id.to_string()),
        group_name: world.security_group(id).map(|group| group.name),
    };
    Some(NetworkInterface {
        network_interface_id: Some(eni.id.clone()),
        // ECS describes the interfaces that it makes by their attachments.
        description: Some(place.arn("ecs", &format!("attachment/{}", eni.attachment))),
        interface_type: Some("interface".to_owned()),
        status: Some(status.to_owned()),
        mac_address: Some(eni.mac.clone()),
        owner_id: Some(place.account.to_string()),
        requester_managed: Some(true),
        source_dest_check: Some(true),
        subnet_id: Some(eni.subnet.to_string()),
        vpc_id: Some(world.vpc_of([&eni.subnet]).to_string()),
        availability_zone: Some(eni.zone.to_string()),
        availability_zone_id: zone::id(&place.region, &eni.zone),
        groups: Some(eni.security_groups.iter().map(member).collect()),
        private_ip_addresses: Some(vec![NetworkInterfacePrivateIpAddress {
            primary: Some(true),
            private_ip_address: Some(address.clone()),
            private_dns_name: Some(host.clone()),
            association: None,
        }]),
        private_ip_address: Some(address),
        private_dns_name: Some(host),
        attachment: Some(NetworkInterfaceAttachment {
            status: Some(attached.to_owned()),
            attach_time: task.times.connected,
            device_index: Some(1),
            delete_on_termination: Some(false),
            ..Default::default()
        }),
        ..NetworkInterface::default()
    })
}

/// The states of an interface and of its attachment, unless there is no interface.
fn statuses(attachment: Attachment) -> Option<(&'static str, &'static str)> {
    match attachment {
        Attachment::Attaching => Some(("attaching", "attaching")),
        Attachment::Attached => Some(("in-use", "attached")),
        Attachment::Detaching => Some(("detaching", "detaching")),
        Attachment::Precreated | Attachment::Deleted => None,
    }
}

fn groups(interface: &NetworkInterface, of: fn(&GroupIdentifier) -> Option<String>) -> Vec<String> {
    interface.groups.iter().flatten().filter_map(of).collect()
}
