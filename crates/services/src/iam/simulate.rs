//! `SimulatePrincipalPolicy` and `SimulateCustomPolicy`: what policies would say of calls.
//!
//! Policies are read and evaluated as IAM's simulator does; locally no call is refused by one. Where
//! in a document a statement stands that decided is not told.

use super::{ask, fault, find, policies};
use crate::page::page;
use crate::policy::{self, Context, Opinion, Wish};
use crate::{Cx, query};
use api::Fault;
use api::iam::*;
use model::Arn;
use std::collections::BTreeSet;
use std::iter::repeat_n;
use world::World;

/// A policy that takes part, and what answers call it.
struct Source {
    id: String,
    /// AWS's word for where it comes from.
    kind: &'static str,
    document: String,
}

/// Who would call: what policies give, and what bounds it.
struct Side {
    policies: Vec<Source>,
    boundaries: Vec<Source>,
}

/// What is asked.
struct Question {
    listing: &'static str,
    actions: Vec<String>,
    resources: Option<Vec<String>>,
    context: Context,
    marker: Option<String>,
    most: Option<i32>,
}

/// `SimulatePrincipalPolicy`, of a role.
pub(super) fn principal(
    world: &World,
    _: &Cx<'_>,
    input: SimulatePrincipalPolicyRequest,
) -> Result<SimulatePolicyResponse, Fault> {
    refuse(&[
        ("ResourcePolicy", input.resource_policy.is_some()),
        ("ResourceOwner", input.resource_owner.is_some()),
        ("ResourceHandlingOption", input.resource_handling_option.is_some()),
        ("PolicyExclusionList", input.policy_exclusion_list.is_some()),
    ])?;
    let role = find(world, &role_name(&input.policy_source_arn)?)?;
    let mut side = of_role(world, role)?;
    side.policies.extend(given("PolicyInputList", input.policy_input_list)?);
    let bounds =
        given("PermissionsBoundaryPolicyInputList", input.permissions_boundary_policy_input_list)?;
    // Boundaries that are given take the place of the role's own.
    if !bounds.is_empty() {
        side.boundaries = bounds;
    }
    let question = Question {
        listing: "SimulatePrincipalPolicy",
        actions: input.action_names,
        resources: input.resource_arns,
        context: context(input.context_entries),
        marker: input.marker,
        most: input.max_items,
    };
    answer(&side, &question)
}

/// `SimulateCustomPolicy`.
pub(super) fn custom(
    _: &World,
    _: &Cx<'_>,
    input: SimulateCustomPolicyRequest,
) -> Result<SimulatePolicyResponse, Fault> {
    refuse(&[
        ("ResourcePolicy", input.resource_policy.is_some()),
        ("ResourceOwner", input.resource_owner.is_some()),
        ("ResourceHandlingOption", input.resource_handling_option.is_some()),
        (
            "OrderedOrganizationPolicyInputList",
            input.ordered_organization_policy_input_list.is_some(),
        ),
    ])?;
    let boundaries = input.permissions_boundary_policy_input_list;
    let side = Side {
        policies: given("PolicyInputList", Some(input.policy_input_list))?,
        boundaries: given("PermissionsBoundaryPolicyInputList", boundaries)?,
    };
    let question = Question {
        listing: "SimulateCustomPolicy",
        actions: input.action_names,
        resources: input.resource_arns,
        context: context(input.context_entries),
        marker: input.marker,
        most: input.max_items,
    };
    answer(&side, &question)
}

/// One result for each action and resource.
fn answer(side: &Side, question: &Question) -> Result<SimulatePolicyResponse, Fault> {
    let everything = ["*".to_owned()];
    let resources = question.resources.as_deref().filter(|given| !given.is_empty());
    let resources = resources.unwrap_or(&everything);
    let pairs =
        question.actions.iter().flat_map(|action| resources.iter().map(move |r| (action, r)));
    let ask = ask(question.listing, question.marker.as_deref(), question.most);
    let page = page(pairs.enumerate(), &ask, |(at, _)| *at).map_err(fault::bad_marker)?;
    let result = |(_, (action, resource)): (usize, (&String, &String))| {
        check_action(action)?;
        let wish = Wish { action, resource, context: &question.context };
        Ok(evaluate(side, &wish))
    };
    Ok(SimulatePolicyResponse {
        evaluation_results: Some(page.rows.into_iter().map(result).collect::<Result<_, Fault>>()?),
        is_truncated: Some(page.next.is_some()),
        marker: page.next,
    })
}

/// What everything together says: a denial wins; what is allowed must be so by a policy, and, where
/// there is one, by the boundary.
fn evaluate(side: &Side, wish: &Wish<'_>) -> EvaluationResult {
    let (given, bounds) = (opinions(&side.policies, wish), opinions(&side.boundaries, wish));
    let denied = |said: &[Said<'_>]| said.iter().any(|(_, opinion)| opinion.denies > 0);
    let allowed = |said: &[Said<'_>]| said.iter().any(|(_, opinion)| opinion.allows > 0);
    let within = !denied(&bounds) && allowed(&bounds);
    let bounded = !side.boundaries.is_empty();
    let decision = if denied(&given) || denied(&bounds) {
        "explicitDeny"
    } else if allowed(&given) && (within || !bounded) {
        "allowed"
    } else {
        "implicitDeny"
    };
    let all = || given.iter().chain(&bounds);
    let decided: fn(&Opinion) -> usize = match decision {
        "explicitDeny" => |opinion| opinion.denies,
        _ => |opinion| opinion.allows,
    };
    let matched = all().flat_map(|(source, opinion)| repeat_n(*source, decided(opinion)));
    let missing: BTreeSet<&String> = all().flat_map(|(_, opinion)| &opinion.missing).collect();
    EvaluationResult {
        eval_action_name: wish.action.to_owned(),
        eval_resource_name: Some(wish.resource.to_owned()),
        eval_decision: decision.to_owned(),
        matched_statements: Some(matched.map(statement).collect()),
        missing_context_values: Some(missing.into_iter().cloned().collect()),
        permissions_boundary_decision_detail: bounded.then_some(
            PermissionsBoundaryDecisionDetail { allowed_by_permissions_boundary: Some(within) },
        ),
        ..EvaluationResult::default()
    }
}

/// A policy, and what it says.
type Said<'a> = (&'a Source, Opinion);

fn opinions<'a>(sources: &'a [Source], wish: &Wish<'_>) -> Vec<Said<'a>> {
    let said = sources.iter().map(|source| (source, policy::opinion(&source.document, wish)));
    said.filter_map(|(source, opinion)| Some((source, opinion?))).collect()
}

fn statement(source: &Source) -> Statement {
    Statement {
        source_policy_id: Some(source.id.clone()),
        source_policy_type: Some(source.kind.to_owned()),
        ..Statement::default()
    }
}

/// The policies of a role. What AWS calls them in answers is unverified for inline ones.
fn of_role(world: &World, role: &world::Role) -> Result<Side, Fault> {
    let managed = |arn: &String| {
        let document = policies::document(world, arn);
        let document = document.ok_or_else(|| fault::unknown_document(arn))?;
        let id = arn.rsplit('/').next().unwrap_or(arn).to_owned();
        let of_aws = arn.starts_with("arn:aws:iam::aws:");
        let kind = if of_aws { "aws-managed" } else { "user-managed" };
        Ok(Source { id, kind, document: document.to_owned() })
    };
    let inline = role.inline.iter().map(|(name, document)| {
        let id = format!("role_{}_{name}", role.name);
        Ok(Source { id, kind: "role", document: document.clone() })
    });
    let policies = inline.chain(role.attached.iter().map(managed)).collect::<Result<_, Fault>>()?;
    let boundaries = role.boundary.iter().map(managed).collect::<Result<_, Fault>>()?;
    Ok(Side { policies, boundaries })
}

/// Policies of the request itself, which answers call by their place in it.
fn given(list: &str, documents: Option<Vec<String>>) -> Result<Vec<Source>, Fault> {
    let documents = documents.unwrap_or_default().into_iter().enumerate();
    let source = |(at, document): (usize, String)| {
        policy::check_identity(&document).map_err(fault::invalid_input)?;
        Ok(Source { id: format!("{list}.{}", at + 1), kind: "none", document })
    };
    documents.map(source).collect()
}

fn context(entries: Option<Vec<ContextEntry>>) -> Context {
    let entries = entries.unwrap_or_default().into_iter();
    let entry = |entry: ContextEntry| {
        let key = entry.context_key_name?.to_ascii_lowercase();
        Some((key, entry.context_key_values.unwrap_or_default()))
    };
    entries.filter_map(entry).collect()
}

/// The name of the role that an ARN is of.
fn role_name(arn: &str) -> Result<String, Fault> {
    let parsed: Arn = arn.parse().map_err(|_| query::invalid(format!("Invalid ARN: {arn}")))?;
    let (kind, name) = parsed.resource.split_once('/').ok_or_else(|| fault::no_entity(arn))?;
    let name = name.rsplit('/').next().unwrap_or(name);
    match (parsed.service.as_str(), kind) {
        ("iam", "role") => Ok(name.to_owned()),
        ("iam", "user") => Err(fault::no_user(name)),
        ("iam", "group") => Err(fault::no_such_group(name)),
        _ => Err(fault::no_entity(arn)),
    }
}

fn check_action(action: &str) -> Result<(), Fault> {
    let sound = action.split_once(':').is_some_and(|(service, name)| {
        let word = |text: &str| {
            let mut all = text.chars();
            !text.is_empty() && all.all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        word(service) && word(name)
    });
    if sound { Ok(()) } else { Err(fault::bad_action(action)) }
}

fn refuse(members: &[(&str, bool)]) -> Result<(), Fault> {
    match members.iter().find(|(_, given)| *given) {
        Some((member, _)) => Err(fault::not_simulated(member)),
        None => Ok(()),
    }
}
