//! What was changed by hand of that which an environment stands on, as CloudFormation found it.
//!
//! What ECS itself changes is no drift: it moves the weights of rules between two target groups.

/// A resource of a stack, held against what it was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// Its name in the template.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// What was found.
    pub found: Found,
}

/// What was found of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is not there any more.
    Deleted,
    /// Some of its properties are others.
    Modified(Vec<Difference>),
    /// CloudFormation does not check its type.
    NotChecked,
}

/// A property that is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where: `/Matcher/HttpCode`.
    pub path: String,
    /// What it was made with.
    pub expected: String,
    /// What it is.
    pub actual: String,
}

// === impl Drift ===

impl Drift {
    /// The same without what ECS changes; nothing where nobody else did.
    #[must_use]
    pub fn by_hand(mut self) -> Option<Self> {
        let rule = self.kind == "AWS::ElasticLoadBalancingV2::ListenerRule";
        match &mut self.found {
            Found::NotChecked => return None,
            Found::Deleted => {}
            Found::Modified(all) => {
                all.retain(|it| !(rule && it.path.ends_with("/Weight")));
                if all.is_empty() {
                    return None;
                }
            }
        }
        Some(self)
    }

    /// It in lines: what, then each property.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let Self { id, kind, found } = self;
        match found {
            Found::Deleted => vec![format!("{kind} {id} was deleted")],
            Found::NotChecked => vec![format!("{kind} {id} can't be checked")],
            Found::Modified(all) => {
                let told =
                    |it: &Difference| format!("  {}: {} → {}", it.path, it.expected, it.actual);
                let head = format!("{kind} {id} was changed");
                [head].into_iter().chain(all.iter().map(told)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modified(kind: &str, paths: &[&str]) -> Drift {
        let difference = |path: &&str| Difference {
            path: (*path).to_owned(),
            expected: "1".to_owned(),
            actual: "0".to_owned(),
        };
        let found = Found::Modified(paths.iter().map(difference).collect());
        Drift { id: "It".to_owned(), kind: kind.to_owned(), found }
    }

    #[test]
    fn weights_that_ecs_moves_are_nobodys_doing() {
        let rule = "AWS::ElasticLoadBalancingV2::ListenerRule";
        let weight = "/Actions/0/ForwardConfig/TargetGroups/0/Weight";
        assert_eq!(modified(rule, &[weight]).by_hand(), None);
        let left = modified(rule, &[weight, "/Priority"]).by_hand().expect("somebody did");
        let lines = [format!("{rule} It was changed"), "  /Priority: 1 → 0".to_owned()];
        assert_eq!(left.lines(), lines);
        assert!(modified("AWS::Other", &["/Weight"]).by_hand().is_some());
    }
}
