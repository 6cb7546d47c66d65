//! A resource is brought to the stack's version: made, changed, replaced, or left as it is.

use super::{Case, settle};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::Hand;
use crate::cloudformation::surroundings::{Reading, Surroundings};
use crate::cloudformation::types::{self, Kind};
use crate::cloudformation::wish::Wish;
use world::StackResourceKey;
use world::stack::{Properties, ResourceStatus, StackResource, StackStatus, Standing, Work};

/// Why a resource that can't be changed in place says so.
const REPLACING: &str =
    "Requested update requires the creation of a new physical resource; hence creating one.";

/// Brings a resource to the stack's version.
pub fn make(hand: &mut Hand<'_>, key: &StackResourceKey) {
    let Some(mut case) = Case::of(hand, key) else { return };
    if goes_back(hand, &mut case) {
        return case.keep(hand);
    }
    let wanted = wanted(hand, &case);
    let kind = types::find(&case.resource.kind);
    let (properties, kind) = match (wanted, kind) {
        (Ok(properties), Some(kind)) => (properties, kind),
        (Err(failure), _) => return begun_and_failed(hand, case, &failure),
        (Ok(_), None) => {
            let what = format!("Unrecognized resource type: {}", case.resource.kind);
            return begun_and_failed(hand, case, &Failure::Said(what));
        }
    };
    let tags = &case.stack.version.tags;
    match case.resource.standing.clone() {
        None => create(hand, &mut case, kind, properties),
        Some(held) if held.properties == properties && held.tags == *tags => {
            stay(hand, &mut case);
        }
        Some(held) => change(hand, &mut case, (kind, held), properties),
    }
    let settles = matches!(case.resource.work, Work::Settle { .. });
    case.keep(hand);
    if settles {
        settle(hand, key);
    }
}

/// The properties as the version wants them.
fn wanted(hand: &Hand<'_>, case: &Case) -> Result<Properties, Failure> {
    let stack = &case.stack;
    let reading = Reading::of(hand.draft, stack, &stack.version)?;
    let surroundings = Surroundings::of(hand.draft, stack, hand.cx.now);
    let scene = reading.scene(&surroundings);
    Ok(Properties(scene.properties(&case.resource.key.logical)?))
}

/// On the way back, a resource that was replaced is again what it was; the other one goes. One that
/// failed before it had anything to its name is made anew.
fn goes_back(hand: &mut Hand<'_>, case: &mut Case) -> bool {
    if case.stack.status != StackStatus::UpdateRollbackInProgress {
        return false;
    }
    let Some(before) = case.resource.before.clone() else { return false };
    let replaced = case.resource.physical().is_some_and(|physical| physical != before.physical);
    if !replaced {
        return false;
    }
    let other = case.resource.standing.replace(*before.clone());
    let past = hand
        .draft
        .resources_of(&case.stack.arn)
        .find(|held| !held.is_present() && held.physical() == Some(&before.physical));
    if let Some(past) = past.map(|past| past.key.clone()) {
        hand.draft.remove(world::RowKey::StackResource(past));
    }
    if let Some(other) = other {
        leave(hand, case, other);
    }
    case.resource.terms = before.terms;
    case.resource.work = Work::Rest;
    case.turn(hand, ResourceStatus::UpdateComplete, None);
    true
}

fn begun_and_failed(hand: &mut Hand<'_>, mut case: Case, failure: &Failure) {
    case.resource.status.get_or_insert(ResourceStatus::CreateInProgress);
    if case.resource.standing.is_some() {
        case.resource.status = Some(ResourceStatus::UpdateInProgress);
    }
    case.fail(hand, failure);
    case.keep(hand);
}

/// It is as it should be; one that failed has to show that it is stable.
fn stay(hand: &mut Hand<'_>, case: &mut Case) {
    use ResourceStatus::{CreateFailed, UpdateFailed};
    let terms = case.resource.terms.clone();
    if let Some(held) = &mut case.resource.standing {
        held.terms = terms;
    }
    if matches!(case.resource.status, Some(CreateFailed | UpdateFailed)) {
        case.resource.work = Work::Settle { since: hand.cx.now };
        case.turn(hand, ResourceStatus::UpdateInProgress, None);
    } else {
        case.resource.work = Work::Rest;
    }
}

fn create(hand: &mut Hand<'_>, case: &mut Case, kind: &dyn Kind, properties: Properties) {
    case.turn(hand, ResourceStatus::CreateInProgress, None);
    match call_create(hand, case, kind, properties) {
        Ok(standing) => {
            case.resource.standing = Some(standing);
            case.resource.work = Work::Settle { since: hand.cx.now };
            let initiated = "Resource creation Initiated".to_owned();
            case.turn(hand, ResourceStatus::CreateInProgress, Some(initiated));
        }
        Err(failure) => case.fail(hand, &failure),
    }
}

fn call_create(
    hand: &mut Hand<'_>,
    case: &Case,
    kind: &dyn Kind,
    properties: Properties,
) -> Result<Standing, Failure> {
    let stack = &case.stack;
    let logical = &case.resource.key.logical;
    let mark = hand.draft.mark();
    let made = kind.create(hand, &Wish { stack, logical, properties: &properties });
    // A creation of several operations that fails in the middle leaves nothing.
    let physical = made.inspect_err(|_| hand.draft.back_to(mark))?;
    Ok(Standing {
        reference: kind.reference(&physical),
        physical,
        properties,
        tags: stack.version.tags.clone(),
        terms: case.resource.terms.clone(),
        attributes: Properties::default(),
    })
}

/// Changes what is there, in place or by another one in its place.
fn change(
    hand: &mut Hand<'_>,
    case: &mut Case,
    (kind, held): (&dyn Kind, Standing),
    properties: Properties,
) {
    let changed = held.properties.changed(&properties);
    if !changed.iter().any(|name| kind.replaced_by().contains(&name.as_str())) {
        case.turn(hand, ResourceStatus::UpdateInProgress, None);
        return match update(hand, case, (kind, &held), &properties) {
            Ok(()) => {
                let (tags, terms) = (case.stack.version.tags.clone(), case.resource.terms.clone());
                case.resource.standing = Some(Standing { properties, tags, terms, ..held });
                case.resource.work = Work::Settle { since: hand.cx.now };
            }
            Err(failure) => case.fail(hand, &failure),
        };
    }
    case.turn(hand, ResourceStatus::UpdateInProgress, Some(REPLACING.to_owned()));
    if let Some(name) = kind.custom_name().and_then(|property| taken(&held, &properties, property))
    {
        let what = format!(
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again."
        );
        return case.fail(hand, &Failure::Said(what));
    }
    match call_create(hand, case, kind, properties) {
        Ok(standing) => {
            leave(hand, case, held);
            case.resource.standing = Some(standing);
            case.resource.work = Work::Settle { since: hand.cx.now };
            let initiated = "Resource creation Initiated".to_owned();
            case.turn(hand, ResourceStatus::UpdateInProgress, Some(initiated));
        }
        Err(failure) => case.fail(hand, &failure),
    }
}

fn update(
    hand: &mut Hand<'_>,
    case: &Case,
    (kind, held): (&dyn Kind, &Standing),
    properties: &Properties,
) -> Result<(), Failure> {
    let (stack, logical) = (&case.stack, case.resource.key.logical.as_str());
    let mark = hand.draft.mark();
    let changed = kind.update(hand, held, &Wish { stack, logical, properties });
    changed.inspect_err(|_| hand.draft.back_to(mark))
}

/// The name that a template gives to both the old one and the new one.
fn taken(held: &Standing, properties: &Properties, property: &str) -> Option<String> {
    let name = properties.text(property)?;
    (held.properties.text(property) == Some(name)).then(|| name.to_owned())
}

/// Another row for what a resource was: it goes when all else is done.
fn leave(hand: &mut Hand<'_>, case: &mut Case, standing: Standing) {
    let past = case.stack.next_past;
    case.stack.next_past += 1;
    let mut terms = standing.terms.clone();
    terms.keeping = terms.replaced;
    hand.draft.put(StackResource {
        key: StackResourceKey { past, ..case.resource.key.clone() },
        work: Work::Leave,
        terms,
        standing: Some(standing),
        before: None,
        ..case.resource.clone()
    });
}
