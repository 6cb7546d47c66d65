//! Where an application is reached from here.

use crate::admin::{self, Endpoints, Status};
use crate::failure::Failure;
use api::elbv2::{
    DescribeListeners, DescribeListenersInput, DescribeLoadBalancers, DescribeLoadBalancersInput,
    DescribeTargetGroups, DescribeTargetGroupsInput, Listener, LoadBalancer,
};
use apply::Client;

/// What the load balancers of an environment are looked for with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Front<'a> {
    pub(crate) client: &'a Client,
    /// The local region that stands for AWS, where one does.
    pub(crate) region: Option<&'a Status>,
    /// The environment's own name.
    pub(crate) domain: Option<&'a str>,
}

impl Front<'_> {
    /// Where a load balancer is reached from here, without a slash at its end.
    pub(crate) async fn base(&self, arn: &str) -> Result<Option<String>, Failure> {
        if let (Some(domain), None) = (self.domain, self.region) {
            return Ok(Some(format!("https://{domain}")));
        }
        let request = DescribeLoadBalancersInput {
            load_balancer_arns: Some(vec![arn.to_owned()]),
            ..Default::default()
        };
        let found = self.client.call::<DescribeLoadBalancers>(request).await?;
        let Some(balancer) = found.load_balancers.into_iter().flatten().next() else {
            return Ok(None);
        };
        if let Some(region) = self.region {
            return near(region.port, &balancer).await;
        }
        if balancer.scheme.as_deref() == Some("internal") {
            return Ok(None);
        }
        let load_balancer_arn = Some(arn.to_owned());
        let request = DescribeListenersInput { load_balancer_arn, ..Default::default() };
        let found = self.client.call::<DescribeListeners>(request).await?;
        let mut listeners = found.listeners.unwrap_or_default();
        // The certificate of a listener with TLS is for a name that is not known here.
        listeners.retain(|listener| listener.protocol.as_deref() == Some("HTTP"));
        listeners.sort_by_key(|listener| listener.port);
        let name = balancer.dns_name.unwrap_or_default();
        let port = |listener: &Listener| listener.port.unwrap_or(80);
        Ok(listeners.first().map(|listener| format!("http://{name}:{}", port(listener))))
    }

    /// Where the load balancer of a target group is reached from here.
    pub(crate) async fn of_group(&self, arn: &str) -> Result<Option<String>, Failure> {
        let request = DescribeTargetGroupsInput {
            target_group_arns: Some(vec![arn.to_owned()]),
            ..Default::default()
        };
        let found = self.client.call::<DescribeTargetGroups>(request).await?;
        let group = found.target_groups.into_iter().flatten().next();
        match group.and_then(|it| it.load_balancer_arns).into_iter().flatten().next() {
            Some(balancer) => self.base(&balancer).await,
            None => Ok(None),
        }
    }
}

/// Where a distribution is reached from here, by its own name.
pub(crate) async fn of_site(
    region: Option<&Status>,
    name: &str,
) -> Result<Option<String>, Failure> {
    let Some(region) = region else { return Ok(Some(format!("https://{name}"))) };
    let endpoints: Endpoints = admin::get(region.port, "endpoints").await?;
    let mut own = endpoints.distributions.into_iter().filter(|it| it.domain_name == name);
    let url = own.find_map(|distribution| distribution.url);
    Ok(url.map(|url| url.trim_end_matches('/').to_owned()))
}

/// Where the local region's own load balancer is.
async fn near(port: u16, balancer: &LoadBalancer) -> Result<Option<String>, Failure> {
    let endpoints: Endpoints = admin::get(port, "endpoints").await?;
    let own = endpoints.listeners.into_iter();
    let mut own = own.filter(|it| Some(&it.dns_name) == balancer.dns_name.as_ref());
    let url = own.find_map(|listener| listener.url);
    Ok(url.map(|url| url.trim_end_matches('/').to_owned()))
}
