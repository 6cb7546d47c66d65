//! Which version a service goes back to.

use model::Timestamp;

/// A deployment of a service that has ended, as ECS remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Past {
    /// The ARN of the task definition that it brought.
    pub definition: String,
    /// ECS's word for how it ended: `SUCCESSFUL`, `ROLLBACK_SUCCESSFUL`, `STOPPED`, …
    pub status: String,
    /// When it ended.
    pub finished: Option<Timestamp>,
}

/// Why there is nothing to go back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoEarlier {
    /// What is in the way. One line, lower case, no full stop.
    pub why: String,
    /// What to do.
    pub hint: String,
}

/// The task definition of the newest successful deployment of another version; `past` is in no order.
/// ECS keeps service deployments for 90 days (reference §1.6).
///
/// # Errors
/// When there is none.
pub fn earlier<'p>(current: &str, past: &'p [Past]) -> Result<&'p Past, NoEarlier> {
    let others = past.iter().filter(|it| it.status == "SUCCESSFUL" && it.definition != current);
    others.max_by_key(|it| it.finished).ok_or_else(|| NoEarlier {
        why: "no other version has been deployed successfully, as far as ECS remembers".to_owned(),
        hint: "name a revision of the task definition: --to 3".to_owned(),
    })
}

/// The name of the version that somebody means: a revision of the same family, or a whole name.
///
/// # Errors
/// When it is what runs already.
pub fn named(current: &str, to: &str) -> Result<String, NoEarlier> {
    let is_number = !to.is_empty() && to.bytes().all(|byte| byte.is_ascii_digit());
    let family = current.rsplit('/').next().and_then(|name| name.split(':').next());
    let name = match (is_number, family) {
        (true, Some(family)) => format!("{family}:{to}"),
        _ => to.to_owned(),
    };
    if current == name || current.ends_with(&format!("/{name}")) {
        let why = format!("{name} is what the service runs already");
        return Err(NoEarlier { why, hint: "name another revision".to_owned() });
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURRENT: &str = "arn:aws:ecs:eu-west-1:000000000000:task-definition/shop-api:3";

    fn past(revision: u32, status: &str, finished: i64) -> Past {
        Past {
            definition: format!("{}{revision}", CURRENT.trim_end_matches('3')),
            status: status.to_owned(),
            finished: Some(Timestamp::from_millis(finished)),
        }
    }

    #[test]
    fn the_newest_success_of_another_version_is_taken() {
        let all = [
            past(1, "SUCCESSFUL", 10),
            past(2, "SUCCESSFUL", 20),
            past(3, "SUCCESSFUL", 40),
            past(4, "ROLLBACK_SUCCESSFUL", 50),
        ];
        assert_eq!(earlier(CURRENT, &all), Ok(&all[1]));
        let failing = format!("{}4", CURRENT.trim_end_matches('3'));
        assert_eq!(earlier(&failing, &all), Ok(&all[2]));
        assert!(earlier(CURRENT, &all[2..]).is_err());
    }

    #[test]
    fn a_number_is_a_revision_of_the_same_family() {
        assert_eq!(named(CURRENT, "2").as_deref(), Ok("shop-api:2"));
        assert_eq!(named(CURRENT, "shop-api:2").as_deref(), Ok("shop-api:2"));
        for same in ["3", "shop-api:3", CURRENT] {
            assert!(named(CURRENT, same).is_err(), "{same}");
        }
    }
}
