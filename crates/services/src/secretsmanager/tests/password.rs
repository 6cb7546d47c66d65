use super::*;
use api::secretsmanager::{GetRandomPassword, GetRandomPasswordRequest};

fn password(region: &mut Region, ask: GetRandomPasswordRequest) -> String {
    let password = region.ok::<GetRandomPassword>(ask).random_password.unwrap();
    password.reveal().to_owned()
}

#[test]
fn a_password_has_every_kind_of_character_and_the_length_that_is_asked_for() {
    let mut region = region();
    for length in [None, Some(4), Some(5), Some(4096)] {
        let ask = GetRandomPasswordRequest { password_length: length, ..Default::default() };
        let password = password(&mut region, ask);
        assert_eq!(password.len(), usize::try_from(length.unwrap_or(32)).unwrap());
        let kinds: [fn(char) -> bool; 4] = [
            |c| c.is_ascii_lowercase(),
            |c| c.is_ascii_uppercase(),
            |c| c.is_ascii_digit(),
            |c| c.is_ascii_punctuation(),
        ];
        assert!(kinds.iter().all(|kind| password.contains(*kind)), "{password}");
        assert!(!password.contains(' '));
    }
}

#[test]
fn what_is_excluded_is_not_in_it() {
    let mut region = region();
    let yes = Some(true);
    let ask = GetRandomPasswordRequest {
        password_length: Some(200),
        exclude_punctuation: yes,
        exclude_uppercase: yes,
        exclude_characters: Some("abc0".to_owned()),
        include_space: yes,
        ..Default::default()
    };
    let password = password(&mut region, ask);
    let allowed =
        |c: char| c == ' ' || (c.is_ascii_digit() && c != '0') || ('d'..='z').contains(&c);
    assert!(password.chars().all(allowed) && password.contains(' '), "{password}");
}

#[test]
fn no_two_are_alike() {
    let mut region = region();
    let one = password(&mut region, Default::default());
    assert_ne!(one, password(&mut region, Default::default()));
}

#[test]
fn what_can_not_be_is_refused() {
    let mut region = region();
    let yes = Some(true);
    let short =
        "InvalidParameterException: Password length is too short based on the required types.";
    let none = "InvalidParameterException: The excluded characters leave no character of a type \
        that the password must have.";
    let ask = GetRandomPasswordRequest::default;
    for (ask, expected) in [
        (GetRandomPasswordRequest { password_length: Some(3), ..ask() }, short),
        (
            GetRandomPasswordRequest { exclude_characters: Some("0123456789".to_owned()), ..ask() },
            none,
        ),
        (
            GetRandomPasswordRequest {
                exclude_lowercase: yes,
                exclude_uppercase: yes,
                exclude_numbers: yes,
                exclude_punctuation: yes,
                ..ask()
            },
            none,
        ),
    ] {
        assert_eq!(region.fault::<GetRandomPassword>(ask), expected);
    }
    let free = GetRandomPasswordRequest {
        password_length: Some(1),
        require_each_included_type: Some(false),
        exclude_characters: Some("0123456789".to_owned()),
        ..ask()
    };
    assert_eq!(password(&mut region, free).len(), 1);
}
