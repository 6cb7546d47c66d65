//! Functions: JavaScript that runs for a request or an answer, in an engine of its own each time, so
//! that nothing is left of one run in the next.
//!
//! This file and its neighbours alone know QuickJS.

pub(crate) mod event;

use crate::sites::Function;
use rquickjs::context::EvalOptions;
use rquickjs::{CatchResultExt as _, CaughtError, Context, Ctx, Promise, Runtime};
use serde_json::Value as Json;
use std::time::{Duration, Instant};

/// The most memory of a run, in bytes: 2 MB, as at AWS.
const MEMORY: usize = 2 * 1024 * 1024;
/// The most of the stack.
const STACK: usize = 256 * 1024;
/// How long a run may take. AWS allows less than a millisecond of its processors; a laptop under
/// load is slower than that.
const LASTING: Duration = Duration::from_millis(200);

/// What a run has that no standard has.
const PRELUDE: &str = "
var __lines = [];
var console = (function () {
  function log() {
    __lines.push(Array.prototype.map.call(arguments, function (one) {
      return typeof one === 'object' && one !== null ? JSON.stringify(one) : String(one);
    }).join(' '));
  }
  return { log: log, error: log, warn: log, info: log };
})();
";
/// Runs the handler. One that is `async` is waited for.
const RUN: &str = "(async function () {
  var result = await handler(JSON.parse(__event));
  return JSON.stringify({ result: result === undefined ? null : result });
})()";

/// Why a run came to nothing.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) String);

/// Runs a function for an event; answers what its handler returns. What it logs goes to the log.
pub(crate) fn run(function: &Function, event: &Json) -> Result<Json, Failed> {
    let runtime = Runtime::new().map_err(|why| Failed(why.to_string()))?;
    runtime.set_memory_limit(MEMORY);
    runtime.set_max_stack_size(STACK);
    let end = Instant::now() + LASTING;
    runtime.set_interrupt_handler(Some(Box::new(move || Instant::now() > end)));
    let context = Context::full(&runtime).map_err(|why| Failed(why.to_string()))?;
    let (outcome, lines) = context.with(|ctx| {
        let outcome = evaluate(&ctx, &function.code, event);
        let lines = ctx.eval::<Vec<String>, _>("__lines").unwrap_or_default();
        (outcome, lines)
    });
    for line in lines {
        tracing::info!(function = function.name, "{line}");
    }
    let text = outcome.inspect_err(|why| {
        tracing::warn!(function = function.name, why = why.0, "a function failed");
    })?;
    let whole: Json = serde_json::from_str(&text).map_err(|why| Failed(why.to_string()))?;
    Ok(whole.get("result").cloned().unwrap_or_default())
}

fn evaluate(ctx: &Ctx<'_>, code: &str, event: &Json) -> Result<String, Failed> {
    let sloppy = || {
        let mut options = EvalOptions::default();
        options.strict = false;
        options
    };
    let failed = |why: CaughtError<'_>| Failed(why.to_string());
    ctx.globals().set("__event", event.to_string()).catch(ctx).map_err(failed)?;
    ctx.eval_with_options::<(), _>(PRELUDE, sloppy()).catch(ctx).map_err(failed)?;
    ctx.eval_with_options::<(), _>(code, sloppy()).catch(ctx).map_err(failed)?;
    let promise =
        ctx.eval_with_options::<Promise<'_>, _>(RUN, sloppy()).catch(ctx).map_err(failed)?;
    promise.finish::<String>().catch(ctx).map_err(failed)
}

#[cfg(test)]
mod tests;
