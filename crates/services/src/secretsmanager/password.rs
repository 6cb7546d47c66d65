//! `GetRandomPassword`.

use super::fault;
use crate::Cx;
use api::Fault;
use api::secretsmanager::{GetRandomPasswordRequest, GetRandomPasswordResponse};
use model::{Ids, Secret};
use world::Draft;

const LOWERCASE: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPERCASE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const NUMBERS: &str = "0123456789";
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const SPACE: &str = " ";

/// The length of a password when none is asked for.
const LENGTH: i64 = 32;

/// `GetRandomPassword`.
///
/// The chance in it is that of the region's ids: good for a rehearsal. It is not a source for
/// cryptography; the engine seeds it from the operating system, so passwords differ from region to
/// region, but whoever knows the seed knows them all.
pub(super) fn random(
    _: &mut Draft,
    _: &Cx<'_>,
    ids: &mut Ids,
    input: GetRandomPasswordRequest,
) -> Result<GetRandomPasswordResponse, Fault> {
    let kinds = kinds(&input)?;
    let length = input.password_length.unwrap_or(LENGTH);
    let length = usize::try_from(length).unwrap_or_default();
    let required = if input.require_each_included_type == Some(false) { 0 } else { kinds.len() };
    if length < required.max(1) {
        // Second-hand: moto's.
        return Err(fault::parameter("Password length is too short based on the required types."));
    }
    let all = kinds.concat();
    let mut password: Vec<char> = kinds.iter().take(required).map(|kind| any(kind, ids)).collect();
    while password.len() < length {
        password.push(any(&all, ids));
    }
    shuffle(&mut password, ids);
    let password: String = password.into_iter().collect();
    Ok(GetRandomPasswordResponse { random_password: Some(Secret::from(password)) })
}

/// The kinds of characters to choose from, each without those that are excluded.
fn kinds(input: &GetRandomPasswordRequest) -> Result<Vec<Vec<char>>, Fault> {
    let included = |excluded: Option<bool>| excluded != Some(true);
    let kinds = [
        (LOWERCASE, included(input.exclude_lowercase)),
        (UPPERCASE, included(input.exclude_uppercase)),
        (NUMBERS, included(input.exclude_numbers)),
        (PUNCTUATION, included(input.exclude_punctuation)),
        (SPACE, input.include_space == Some(true)),
    ];
    let excluded = input.exclude_characters.as_deref().unwrap_or_default();
    let left = |kind: &str| kind.chars().filter(|c| !excluded.contains(*c)).collect::<Vec<char>>();
    let kinds: Vec<Vec<char>> =
        kinds.iter().filter(|(_, included)| *included).map(|(kind, _)| left(kind)).collect();
    let needed = input.require_each_included_type != Some(false);
    let empty = |kind: &Vec<char>| kind.is_empty();
    if kinds.iter().all(empty) || (needed && kinds.iter().any(empty)) {
        // The text is unverified.
        return Err(fault::parameter(
            "The excluded characters leave no character of a type that the password must have.",
        ));
    }
    Ok(kinds)
}

/// One of some characters; there is at least one.
fn any(characters: &[char], ids: &mut Ids) -> char {
    characters.get(ids.below(characters.len())).copied().unwrap_or_default()
}

/// Fisher and Yates: every order is as likely as any other.
fn shuffle(password: &mut [char], ids: &mut Ids) {
    for end in (1..password.len()).rev() {
        password.swap(end, ids.below(end + 1));
    }
}
