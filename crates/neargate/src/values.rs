//! Values for secrets that the local region lacks, out of the project's dotenv files.

use crate::failure::{Failure, Kind};
use crate::project::{Project, Sought};
use crate::ui::say;
use apply::{Client, EndError};
use model::Secret;
use plan::values::File;
use plan::{Wish, dotenv};
use std::collections::BTreeMap;
use std::io::ErrorKind;

/// The files, the one that rules first: what is this machine's own stands in `.env.local`.
const FILES: [&str; 2] = [".env.local", ".env"];

/// Puts what files have and the region lacks into Parameter Store and Secrets Manager, and says which
/// variable came from where. What is missing everywhere is told before anything is built.
pub(crate) async fn fill(project: &Project, client: &Client, wish: &Wish) -> Result<(), Failure> {
    let sought = Sought::of(wish);
    let look = async || {
        let observed = apply::observe(client, sought.scope(wish.names())).await;
        observed.map_err(|why| Failure::from(EndError::Look(why)))
    };
    let observed = look().await?;
    let filling = plan::values::fill(wish, &observed, &files(project)?);
    if !filling.problems.is_empty() {
        return Err(EndError::Problems(filling.problems).into());
    }
    for step in &filling.steps {
        apply::run::run(client, step).await.map_err(|why| Failure::from(EndError::Step(why)))?;
        say::done(&step.what);
    }
    let observed = if filling.steps.is_empty() { observed } else { look().await? };
    match plan::values::problems(wish, &observed) {
        problems if problems.is_empty() => Ok(()),
        problems => Err(EndError::Problems(problems).into()),
    }
}

fn files(project: &Project) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    for name in FILES {
        let path = project.folder.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let variables: BTreeMap<String, Secret> = dotenv::read(&text);
                files.push(File { name: name.to_owned(), variables });
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                let what = format!("can't read {}", path.display());
                return Err(Failure::because(Kind::Machine, what, error));
            }
        }
    }
    Ok(files)
}
