//! Tells those whom the manifest names of a deployment. That they can't be told is said, and changes
//! nothing.

use super::environment::Environment;
use crate::failure::chain;
use crate::ui::say;
use manifest::Moment;
use plan::Record;
use plan::notice::Notice;

/// Tells of a moment, as far as somebody wants to hear of it.
pub(super) async fn tell(environment: &Environment, moment: Moment, record: &Record) {
    let resolved = &environment.resolved;
    let notify = &resolved.environment.notify;
    if !notify.on.contains(&moment) {
        return;
    }
    let (app, name) = (resolved.app.as_str(), resolved.name.as_str());
    let notice = Notice { app, environment: name, moment, record };
    let slack = async {
        let Some(reference) = &notify.slack else { return };
        let text = notice.slack().to_string();
        said("Slack", moment, apply::notify::tell(&environment.client, reference, text).await);
    };
    let webhook = async {
        let Some(reference) = &notify.webhook else { return };
        let text = notice.value().to_string();
        said(
            "the webhook",
            moment,
            apply::notify::tell(&environment.client, reference, text).await,
        );
    };
    tokio::join!(slack, webhook);
}

fn said(whom: &str, moment: Moment, told: Result<(), apply::notify::NotifyError>) {
    if let Err(why) = told {
        let moment = moment.word();
        say::warn(&format!("{whom} was not told of the deployment's {moment}: {}", chain(&why)));
    }
}
