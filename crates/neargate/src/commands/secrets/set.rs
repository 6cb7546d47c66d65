//! `neargate secrets set`.

use crate::failure::{Failure, Kind};
use crate::reach::ReachArgs;
use crate::ui::say;
use console::Term;
use manifest::SecretReference;
use model::Secret;
use std::io::{IsTerminal as _, Read as _};

/// Give a variable's parameter or secret another value, read from standard input or asked for
///
/// What is not there is made: a SecureString parameter, or a secret. Of a secret that is a JSON object
/// only the key that the variable reads changes. The value is taken from no argument, where others could
/// read it.
#[derive(Debug, clap::Args)]
pub(super) struct SetArgs {
    /// The service
    service: String,
    /// The variable, as the manifest's `secrets` has it
    variable: String,
    #[command(flatten)]
    reach: ReachArgs,
}

pub(super) async fn run(args: SetArgs) -> Result<(), Failure> {
    let reached = args.reach.reach().await?;
    let name = reached.service(Some(&args.service))?;
    let service = reached.wish.manifest.environment.services.get(&name);
    let secrets = service.map(|it| &it.secrets);
    let Some(reference) = secrets.and_then(|it| it.get(&args.variable)) else {
        let known: Vec<&str> =
            secrets.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let what = format!("`secrets` of service {name} has no variable {}", args.variable);
        return Err(Failure::new(Kind::Usage, what).hint(format!("it has: {}", known.join(", "))));
    };
    let value = read(&args.variable)?;
    let source = reference.source().unwrap_or_default();
    match reference {
        SecretReference::Parameter { name } => {
            apply::kept::put_parameter(&reached.client, name, value).await?;
        }
        SecretReference::Secret { name, part } => {
            apply::kept::put_secret(&reached.client, name, part.json_key.as_deref(), value).await?;
        }
        SecretReference::Arn(_) => {
            let what = format!("{} is named by its ARN, which may be anybody's", args.variable);
            return Err(Failure::new(Kind::Usage, what).hint("set it where it belongs"));
        }
    }
    say::done(&format!("set {source} for {}", args.variable));
    say::hint("tasks read it when they start: `neargate secrets restart`");
    Ok(())
}

/// The value: a line that is asked for without showing it, or all of standard input without its last
/// line break.
fn read(variable: &str) -> Result<Secret, Failure> {
    let failed = |source| Failure::because(Kind::Machine, "the value can't be read", source);
    let text = if std::io::stdin().is_terminal() {
        say::note(&format!("the value of {variable} (it is not shown):"));
        Term::stderr().read_secure_line().map_err(failed)?
    } else {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(failed)?;
        text.strip_suffix('\n')
            .map(|it| it.strip_suffix('\r').unwrap_or(it).to_owned())
            .unwrap_or(text)
    };
    if text.is_empty() {
        return Err(Failure::new(Kind::Usage, "the value is empty, and nothing was changed"));
    }
    Ok(Secret::from(text))
}
