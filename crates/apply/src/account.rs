//! Reads what an account has for an environment, for [`plan::account`] to judge. Nothing is changed.
//!
//! A call that is refused is no failure here: what it would have told stays unknown, and is said to.

use crate::client::{Absent as _, CallError, Client};
use crate::images::{self, CopyError, Pass, Repository};
use api::acm::{DescribeCertificate, DescribeCertificateRequest};
use api::ec2::{
    DescribeRouteTables, DescribeRouteTablesRequest, DescribeSecurityGroups,
    DescribeSecurityGroupsRequest, DescribeSubnets, DescribeSubnetsRequest, DescribeVpcEndpoints,
    DescribeVpcEndpointsRequest, Filter,
};
use api::elbv2::{DescribeLoadBalancers, DescribeLoadBalancersInput};
use api::iam::{GetRole, GetRoleRequest, SimulatePrincipalPolicy, SimulatePrincipalPolicyRequest};
use api::secretsmanager::{GetSecretValue, GetSecretValueRequest};
use api::servicequotas::{GetServiceQuota, GetServiceQuotaRequest};
use manifest::{SecretReference, Service};
use plan::account::{Account, Network, Question};
use plan::observed::Observed;
use plan::{Wish, account};
use std::collections::BTreeSet;

/// Reads an account, of which was observed before what services stand on.
pub async fn look(client: &Client, wish: &Wish, observed: &Observed) -> Account {
    let mut reader = Reader { client, wish, observed, account: Account::default() };
    reader.network().await;
    reader.security_groups().await;
    reader.balancers().await;
    reader.roles().await;
    reader.secrets().await;
    reader.certificate().await;
    reader.images().await;
    reader.quota().await;
    reader.account
}

/// Who reads, and what was read so far.
struct Reader<'a> {
    client: &'a Client,
    wish: &'a Wish,
    observed: &'a Observed,
    account: Account,
}

// === impl Reader ===

impl Reader<'_> {
    /// An answer, or a note that there is none.
    fn known<T>(&mut self, what: &str, answer: Result<T, CallError>) -> Option<T> {
        answer.inspect_err(|why| self.unasked(what, why)).ok()
    }

    fn unasked(&mut self, what: &str, why: &dyn std::fmt::Display) {
        self.account.unasked.push(format!("{what} could not be asked for: {why}"));
    }

    async fn network(&mut self) {
        if self.observed.subnets.is_empty() {
            return;
        }
        let network = network(self.client, self.observed).await;
        self.account.network = self.known("the subnets' routes", network);
    }

    async fn security_groups(&mut self) {
        let group_ids = Some(self.observed.security_groups.clone());
        if self.observed.security_groups.is_empty() {
            return;
        }
        let request = DescribeSecurityGroupsRequest { group_ids, ..Default::default() };
        let found = self.client.call::<DescribeSecurityGroups>(request).await;
        let found = self.known("the tasks' security groups", found);
        self.account.security_groups = found.and_then(|found| found.security_groups);
    }

    async fn balancers(&mut self) {
        let names: Vec<String> = self.wish.services().map(|(name, _)| name.clone()).collect();
        for name in names {
            let group = self.observed.groups.get(&self.wish.names().group(&name));
            let arns = group.and_then(|held| held.group.load_balancer_arns.clone());
            let Some(arns) = arns.filter(|arns| !arns.is_empty()) else { continue };
            let load_balancer_arns = Some(arns);
            let request = DescribeLoadBalancersInput { load_balancer_arns, ..Default::default() };
            let found = self.client.call::<DescribeLoadBalancers>(request).await;
            let what = format!("the load balancer of service {name}");
            let Some(found) = self.known(&what, found) else { continue };
            let balancers = found.load_balancers.into_iter().flatten();
            let groups = balancers.flat_map(|it| it.security_groups.into_iter().flatten());
            self.account.balancers.insert(name, groups.collect());
        }
    }

    async fn roles(&mut self) {
        let arns: BTreeSet<String> =
            self.observed.roles.values().map(|role| role.arn.clone()).collect();
        for arn in arns {
            let role_name = arn.rsplit('/').next().unwrap_or_default().to_owned();
            let what = format!("who may take on the role {role_name}");
            let found = self.client.call::<GetRole>(GetRoleRequest { role_name }).await;
            let found = self.known(&what, found.absent(&["NoSuchEntity"])).flatten();
            let policy = found.and_then(|found| found.role.assume_role_policy_document);
            self.account.trust.extend(policy.map(|policy| (arn, policy)));
        }
        for question in account::questions(self.wish, self.observed) {
            let answer = denied(self.client, &question).await.absent(&["NoSuchEntity"]);
            let what = format!("whether the role may {}", question.purpose);
            if let Some(denied) = self.known(&what, answer).flatten() {
                self.account.denied.push((question, denied));
            }
        }
    }

    /// Of a secret's value only the names of its keys are kept.
    async fn secrets(&mut self) {
        let services = self.wish.services();
        let references = services.flat_map(|(_, service)| {
            let sidecars = service.sidecars.values().flat_map(|sidecar| sidecar.secrets.values());
            service.secrets.values().chain(sidecars)
        });
        let with_key = references.filter_map(|reference| match reference {
            SecretReference::Secret { name, part } if part.json_key.is_some() => Some(name.clone()),
            _ => None,
        });
        let there = with_key.filter(|name| self.observed.secrets.contains_key(name));
        let names: BTreeSet<String> = there.collect();
        for name in names {
            let request = GetSecretValueRequest { secret_id: name.clone(), ..Default::default() };
            let found = self.client.call::<GetSecretValue>(request).await;
            let found = self.known(&format!("the keys of the secret `{name}`"), found);
            let Some(value) = found.and_then(|found| found.secret_string) else { continue };
            self.account.keys.insert(name, account::keys(value.reveal()));
        }
    }

    async fn certificate(&mut self) {
        let named = &self.wish.manifest.environment.foundation.existing.certificate;
        let Some(arn) = named.as_ref().map(ToString::to_string) else { return };
        let request = DescribeCertificateRequest { certificate_arn: arn };
        let found = self.client.call::<DescribeCertificate>(request).await;
        self.account.certificate =
            self.known("the certificate", found).and_then(|found| found.certificate);
    }

    async fn quota(&mut self) {
        let (service, code) = account::PROCESSORS;
        let request = GetServiceQuotaRequest {
            service_code: service.to_owned(),
            quota_code: code.to_owned(),
            context_id: None,
        };
        let found = self.client.call::<GetServiceQuota>(request).await;
        let found = self.known("the quota of Fargate's processors", found);
        self.account.processors = found.and_then(|found| found.quota?.value);
    }

    async fn images(&mut self) {
        let named = self.wish.services().filter(|(_, service)| service.image.is_some());
        let named: Vec<(String, Service)> =
            named.map(|(name, service)| (name.clone(), service.clone())).collect();
        if named.is_empty() {
            return;
        }
        let pass = images::authorization(self.client).await;
        let Some(pass) = self.known("the registry", pass) else { return };
        for (name, service) in named {
            let image = service.image.map(|image| image.to_string()).unwrap_or_default();
            match platforms(&pass, &image).await {
                Some(Ok(found)) => drop(self.account.images.insert(name, found)),
                Some(Err(why)) => self.unasked(&format!("the image of service {name}"), &why),
                None => {
                    let why = "it is in no registry of this account and region";
                    self.unasked(&format!("the image {image} of service {name}"), &why);
                }
            }
        }
    }
}

async fn network(client: &Client, observed: &Observed) -> Result<Network, CallError> {
    let subnet_ids = Some(observed.subnets.clone());
    let request = DescribeSubnetsRequest { subnet_ids, ..Default::default() };
    let subnets = client.call::<DescribeSubnets>(request).await?.subnets.unwrap_or_default();
    let vpcs: Vec<String> = subnets.iter().filter_map(|subnet| subnet.vpc_id.clone()).collect();
    let filters = Some(vec![Filter { name: Some("vpc-id".to_owned()), values: Some(vpcs) }]);
    let (mut tables, mut next_token) = (Vec::new(), None);
    loop {
        let filters = filters.clone();
        let request = DescribeRouteTablesRequest { filters, next_token, ..Default::default() };
        let page = client.call::<DescribeRouteTables>(request).await?;
        tables.extend(page.route_tables.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() {
            break;
        }
    }
    let mut endpoints = Vec::new();
    loop {
        let filters = filters.clone();
        let request = DescribeVpcEndpointsRequest { filters, next_token, ..Default::default() };
        let page = client.call::<DescribeVpcEndpoints>(request).await?;
        endpoints.extend(page.vpc_endpoints.into_iter().flatten());
        next_token = page.next_token;
        if next_token.is_none() {
            return Ok(Network { subnets, tables, endpoints });
        }
    }
}

/// The calls of a question that IAM's simulator denies, each with its resource.
async fn denied(client: &Client, question: &Question) -> Result<Vec<(String, String)>, CallError> {
    let request = SimulatePrincipalPolicyRequest {
        policy_source_arn: question.role.clone(),
        action_names: question.actions.iter().map(|it| (*it).to_owned()).collect(),
        resource_arns: Some(vec![question.resource.clone()]),
        ..Default::default()
    };
    let found = client.call::<SimulatePrincipalPolicy>(request).await?;
    let results = found.evaluation_results.into_iter().flatten();
    let denied = results.filter(|result| result.eval_decision != "allowed");
    let pairs = denied
        .map(|result| (result.eval_action_name, result.eval_resource_name.unwrap_or_default()));
    Ok(pairs.collect())
}

/// The platforms of an image of the account's own registry; nothing for one of another registry.
async fn platforms(pass: &Pass, image: &str) -> Option<Result<Option<Vec<String>>, CopyError>> {
    image.strip_prefix(&pass.host)?.strip_prefix('/')?;
    let (address, reference) = match image.split_once('@') {
        Some((address, digest)) => (address, digest),
        None => match image.rfind(':').filter(|at| !image[*at..].contains('/')) {
            Some(at) => (&image[..at], &image[at + 1..]),
            None => (image, "latest"),
        },
    };
    let repository = Repository::new(address, pass.authorization.clone());
    Some(match repository {
        Ok(repository) => images::platforms(&repository, reference).await,
        Err(why) => Err(why),
    })
}
