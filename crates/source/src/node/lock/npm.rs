//! `package-lock.json`, versions 2 and 3: members with their ranges under `packages`.

use super::Locked;
use crate::node::package::Group;
use crate::script::json;
use crate::script::term::Term;

/// Version 1 knows versions only, not what was asked for.
pub(super) fn read(text: &str) -> Option<Locked> {
    let lock = json(text)?;
    let packages = lock.get("packages")?;
    let members = packages.fields().iter().filter(|(path, _)| !path.contains("node_modules/"));
    Some(Locked::ByMember(members.map(|(path, it)| (path.to_string(), ranges(it))).collect()))
}

/// The ranges of a member, all groups but peers together.
pub(super) fn ranges(member: &Term) -> std::collections::BTreeMap<String, String> {
    let groups = [Group::Production, Group::Development, Group::Optional];
    let fields = groups.iter().filter_map(|group| member.get(group.key())).flat_map(Term::fields);
    fields.filter_map(|(name, range)| Some((name.to_string(), range.text()?.to_owned()))).collect()
}
