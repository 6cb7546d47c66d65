//! VPC endpoints: there are none, and none is made. Tasks reach the region's services without.

use super::filter::{Field, maybe, passing};
use super::{chosen, dry, fault};
use crate::Cx;
use api::Fault;
use api::ec2::*;
use world::World;

const FIELDS: &[Field<VpcEndpoint>] = &[
    Field { names: &["vpc-endpoint-id"], values: |row| maybe(row.vpc_endpoint_id.as_ref()) },
    Field { names: &["vpc-endpoint-state"], values: |row| maybe(row.state.as_ref()) },
    Field { names: &["vpc-endpoint-type"], values: |row| maybe(row.vpc_endpoint_type.as_ref()) },
    Field { names: &["service-name"], values: |row| maybe(row.service_name.as_ref()) },
    Field { names: &["service-region"], values: |row| maybe(row.service_region.as_ref()) },
    Field { names: &["vpc-id"], values: |row| maybe(row.vpc_id.as_ref()) },
    Field { names: &["ip-address-type"], values: |row| maybe(row.ip_address_type.as_ref()) },
];

/// `DescribeVpcEndpoints`.
pub(super) fn describe(
    _: &World,
    _: &Cx<'_>,
    input: DescribeVpcEndpointsRequest,
) -> Result<DescribeVpcEndpointsResult, Fault> {
    dry(input.dry_run)?;
    if let Some(token) = &input.next_token {
        return Err(fault::bad_token(Some(token)));
    }
    let ids = input.vpc_endpoint_ids.as_deref();
    let rows = chosen(
        Vec::new(),
        ids,
        |row: &VpcEndpoint| row.vpc_endpoint_id.as_deref(),
        fault::no_endpoint,
    )?;
    let rows = passing(rows, input.filters.as_deref(), FIELDS)?;
    Ok(DescribeVpcEndpointsResult { vpc_endpoints: Some(rows), next_token: None })
}
