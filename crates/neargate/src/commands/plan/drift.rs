//! What was changed by hand of that which an environment stands on.

use crate::args::Form;
use crate::failure::{Failure, Kind};
use crate::project::Project;
use crate::ship::environment::Environment;
use crate::ui::say;
use plan::drift::{Drift, Found};
use serde_json::{Value, json};

/// Tells it; answers whether anything was changed.
pub(super) async fn tell(project: &Project, name: &str, form: Form) -> Result<bool, Failure> {
    let environment = Environment::open(project, name).await?;
    let Some(stack) = &environment.stack else {
        let what = format!("{name} has no stack, so there is nothing to hold against it");
        return Err(Failure::new(Kind::Usage, what));
    };
    let all = apply::stack::drifts(&environment.client, &stack.id).await?;
    let unchecked = all.iter().filter(|it| it.found == Found::NotChecked).count();
    let drifts: Vec<Drift> = all.into_iter().filter_map(Drift::by_hand).collect();
    if form == Form::Json {
        let drifts: Vec<Value> = drifts.iter().map(as_json).collect();
        say::json(&json!({ "drifts": drifts, "notChecked": unchecked }));
        return Ok(!drifts.is_empty());
    }
    if drifts.is_empty() {
        say::data("nothing was changed by hand");
    }
    drifts.iter().flat_map(Drift::lines).for_each(|line| say::data(&line));
    if unchecked > 0 {
        say::note(&format!("{unchecked} resources are of types that can't be checked"));
    }
    if !drifts.is_empty() {
        say::hint("`neargate deploy` leaves that alone; change the manifest, or change it back");
    }
    Ok(!drifts.is_empty())
}

fn as_json(drift: &Drift) -> Value {
    let Drift { id, kind, found } = drift;
    let differences = match found {
        Found::Modified(all) => all.as_slice(),
        Found::Deleted | Found::NotChecked => &[],
    };
    let differences = differences
        .iter()
        .map(|it| json!({ "path": it.path, "expected": it.expected, "actual": it.actual }));
    json!({
        "id": id,
        "type": kind,
        "deleted": *found == Found::Deleted,
        "differences": differences.collect::<Vec<_>>(),
    })
}
