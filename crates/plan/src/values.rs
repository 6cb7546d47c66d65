//! Values for parameters and secrets that are missing, out of dotenv files.
//!
//! What is there is never written again: a file fills gaps, it does not rule.

use crate::backing::{parameter, secret};
use crate::observed::Observed;
use crate::planner::{Plan, Problem};
use crate::secrets::{self, Missing, missing};
use crate::step::Step;
use crate::wish::Wish;
use api::secretsmanager::CreateSecret;
use api::ssm::PutParameter;
use manifest::SecretReference;
use model::Secret;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The description of what is put.
const DESCRIPTION: &str = "from a dotenv file, by `neargate up`";

/// A file's variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, for people.
    pub name: String,
    /// Its variables; empty ones count as absent.
    pub variables: BTreeMap<String, Secret>,
}

/// What files give.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filling {
    /// The steps that put values where they are missing.
    pub steps: Vec<Step>,
    /// What can't be decided.
    pub problems: Vec<Problem>,
}

/// A variable's value, and the file that has it.
type Found<'f> = (&'f Secret, &'f str);

/// The steps that put values of files where services read them, for what is missing. Of several files
/// the first that has a variable holds.
#[must_use]
pub fn fill(wish: &Wish, observed: &Observed, files: &[File]) -> Filling {
    let missing = missing(wish, observed);
    let mut sources: BTreeMap<String, Vec<&Missing<'_>>> = BTreeMap::new();
    for held in &missing {
        if let Some(source) = held.reference.source() {
            sources.entry(source).or_default().push(held);
        }
    }
    let mut filling = Filling::default();
    for (source, readers) in sources {
        match value(&readers, files) {
            Ok(Some((value, from))) => {
                let what = format!("put {source}: {from}");
                filling.steps.extend(put(what, readers[0].reference, &value));
            }
            Ok(None) => {}
            Err(what) => filling.problems.push(Problem {
                path: readers[0].path.clone(),
                what,
                hint: "give them one value in the files".to_owned(),
            }),
        }
    }
    filling
}

/// What is missing still, as the plan will say it.
#[must_use]
pub fn problems(wish: &Wish, observed: &Observed) -> Vec<Problem> {
    let mut plan = Plan::default();
    secrets::check(wish, observed, &mut plan);
    plan.problems
}

fn put(what: String, reference: &SecretReference, value: &Secret) -> Option<Step> {
    match reference {
        SecretReference::Parameter { name } => {
            Some(Step::call::<PutParameter>(what, parameter(name, value, DESCRIPTION)))
        }
        SecretReference::Secret { name, .. } => {
            Some(Step::call::<CreateSecret>(what, secret(name, value, DESCRIPTION)))
        }
        SecretReference::Arn(_) => None,
    }
}

/// The value of one source, for all who read it, and where it is from: `TOKEN from .env`. Parts of a
/// JSON secret make an object once all of them are known.
fn value(readers: &[&Missing<'_>], files: &[File]) -> Result<Option<(Secret, String)>, String> {
    let mut parts: BTreeMap<Option<&str>, Found<'_>> = BTreeMap::new();
    let mut from = Vec::new();
    let mut known = true;
    for reader in readers {
        let SecretPartKey::Key(key) = key(reader.reference) else { return Ok(None) };
        let Some(found) = find(reader.variable, files) else {
            known &= parts.contains_key(&key) || is_known(key, readers, files);
            continue;
        };
        match parts.insert(key, found) {
            Some((other, _)) if other != found.0 => {
                let names: Vec<&str> = readers.iter().map(|it| it.variable).collect();
                return Err(format!("{} stand for the same value and differ", names.join(" and ")));
            }
            _ => from.push(format!("{} from {}", reader.variable, found.1)),
        }
    }
    if !known || parts.is_empty() {
        return Ok(None);
    }
    from.sort();
    from.dedup();
    let whole = match parts.get(&None) {
        Some((value, _)) => (*value).clone(),
        None => {
            let text = |value: &Secret| Value::String(value.reveal().to_owned());
            let members = parts.iter();
            let members =
                members.filter_map(|(key, (value, _))| Some(((*key)?.to_owned(), text(value))));
            Secret::from(Value::Object(members.collect::<Map<_, _>>()).to_string())
        }
    };
    Ok(Some((whole, from.join(", "))))
}

/// Which part of a secret a reference is about.
enum SecretPartKey<'r> {
    /// A key of a JSON object, or the whole.
    Key(Option<&'r str>),
    /// A version that a new secret does not have.
    Version,
}

fn key(reference: &SecretReference) -> SecretPartKey<'_> {
    match reference {
        SecretReference::Secret { part, .. } if part.stage.is_some() || part.version.is_some() => {
            SecretPartKey::Version
        }
        SecretReference::Secret { part, .. } => SecretPartKey::Key(part.json_key.as_deref()),
        SecretReference::Parameter { .. } | SecretReference::Arn(_) => SecretPartKey::Key(None),
    }
}

/// Whether another variable for the same part has a value.
fn is_known(part: Option<&str>, readers: &[&Missing<'_>], files: &[File]) -> bool {
    readers.iter().any(|reader| {
        matches!(key(reader.reference), SecretPartKey::Key(other) if other == part)
            && find(reader.variable, files).is_some()
    })
}

fn find<'f>(variable: &str, files: &'f [File]) -> Option<Found<'f>> {
    files.iter().find_map(|file| {
        let value = file.variables.get(variable).filter(|value| !value.is_empty())?;
        Some((value, file.name.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dotenv;
    use crate::step::Act;
    use api::Field as _;
    use api::secretsmanager::CreateSecretRequest;
    use api::ssm::PutParameterRequest;
    use manifest::{parse, resolve};

    /// Services with these secrets each.
    fn wish(secrets: &[&str]) -> Wish {
        let service = |(at, secrets): (usize, &&str)| {
            format!("  s{at}: {{image: i, secrets: {{{secrets}}}}}\n")
        };
        let services: String = secrets.iter().enumerate().map(service).collect();
        let (manifest, found) = parse(&format!("app: a\nservices:\n{services}"));
        let manifest = manifest.unwrap_or_else(|| panic!("{found:?}"));
        let resolved = resolve(&manifest, "local", &BTreeMap::new()).0.unwrap();
        Wish { manifest: resolved, artifacts: BTreeMap::new() }
    }

    fn files(texts: &[(&str, &str)]) -> Vec<File> {
        let file = |(name, text): &(&str, &str)| File {
            name: (*name).to_owned(),
            variables: dotenv::read(text),
        };
        texts.iter().map(file).collect()
    }

    /// Each step in words, and the value that it puts.
    fn said(filling: &Filling) -> Vec<(String, String)> {
        let step = |step: &Step| {
            let Act::Call { operation, input } = &step.act else { panic!("{step:?}") };
            let value = match operation.name {
                "PutParameter" => PutParameterRequest::from_value(input.clone()).unwrap().value,
                _ => {
                    let request = CreateSecretRequest::from_value(input.clone()).unwrap();
                    request.secret_string.unwrap()
                }
            };
            (step.what.clone(), value.reveal().to_owned())
        };
        filling.steps.iter().map(step).collect()
    }

    fn check(secrets: &[&str], texts: &[(&str, &str)], expected: &[(&str, &str)]) {
        let filling = fill(&wish(secrets), &Observed::default(), &files(texts));
        assert_eq!(filling.problems, []);
        let expected =
            expected.iter().map(|(what, value)| ((*what).to_owned(), (*value).to_owned()));
        assert_eq!(said(&filling), expected.collect::<Vec<_>>());
    }

    #[test]
    fn the_first_file_that_has_a_variable_gives_it() {
        let texts = [(".env.local", "A=1\nB="), (".env", "A=2\nB=3\nC=4")];
        let expected = [("put ssm:/a: A from .env.local", "1"), ("put ssm:/b: B from .env", "3")];
        check(&["A: 'ssm:/a', B: 'ssm:/b', D: 'ssm:/d'"], &texts, &expected);
    }

    #[test]
    fn parts_of_a_secret_make_one_object_and_all_are_needed() {
        let parts = "H: 'secretsmanager:db:host', P: 'secretsmanager:db:password'";
        let expected =
            [("put secretsmanager:db: H from .env, P from .env", r#"{"host":"h","password":"p"}"#)];
        check(&[parts], &[(".env", "H=h\nP=p")], &expected);
        check(&[parts], &[(".env", "H=h")], &[]);
        check(&["V: 'secretsmanager:db::AWSPREVIOUS'"], &[(".env", "V=1")], &[]);
    }

    #[test]
    fn what_is_there_stays() {
        let parameters = ["/a".to_owned()].into();
        let observed = Observed { parameters, ..Observed::default() };
        let filling = fill(&wish(&["A: 'ssm:/a'"]), &observed, &files(&[(".env", "A=1")]));
        assert_eq!(filling, Filling::default());
    }

    #[test]
    fn two_values_for_one_thing_are_told_without_the_values() {
        let wish = wish(&["A: 'ssm:/a'", "B: 'ssm:/a'"]);
        let filling = fill(&wish, &Observed::default(), &files(&[(".env", "A=hunter2\nB=other")]));
        assert_eq!(filling.problems[0].what, "A and B stand for the same value and differ");
        assert!(!format!("{filling:?}").contains("hunter2"));
        check(
            &["A: 'ssm:/a'", "B: 'ssm:/a'"],
            &[(".env", "B=1")],
            &[("put ssm:/a: B from .env", "1")],
        );
    }
}
