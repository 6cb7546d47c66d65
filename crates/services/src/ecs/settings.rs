//! Account settings: `ListAccountSettings`, `PutAccountSetting`, `PutAccountSettingDefault`,
//! `DeleteAccountSetting`.
//!
//! A setting belongs to the account, whose principal is the root user, or to one user or role. The
//! one with an effect here is `containerInsights`: new clusters begin with it.

use super::fault;
use crate::Cx;
use crate::page::{Ask, limit, page};
use api::Fault;
use api::ecs::{
    DeleteAccountSettingRequest, DeleteAccountSettingResponse, ListAccountSettingsRequest,
    ListAccountSettingsResponse, PutAccountSettingDefaultRequest, PutAccountSettingDefaultResponse,
    PutAccountSettingRequest, PutAccountSettingResponse, Setting,
};
use model::{Ids, Place};
use world::{AccountSetting, Draft, RowKey, SettingKey, World};

/// A setting's rules.
struct Rule {
    name: &'static str,
    /// What holds until it is set.
    default: &'static str,
    /// What it may be set to; nothing when AWS manages it.
    values: &'static [&'static str],
}

/// The settings that AWS's model names, in the order of listings. The ARN formats can't be turned
/// off here: the region's ARNs are always long.
const RULES: [Rule; 11] = [
    rule("awsvpcTrunking", "disabled", &["enabled", "disabled"]),
    rule("containerInsights", "disabled", &["enabled", "disabled", "enhanced"]),
    rule("containerInstanceLongArnFormat", "enabled", &["enabled"]),
    rule("defaultLogDriverMode", "non-blocking", &["blocking", "non-blocking"]),
    rule("fargateEventWindows", "disabled", &["enabled", "disabled"]),
    rule("fargateFIPSMode", "disabled", &["enabled", "disabled"]),
    rule("fargateTaskRetirementWaitPeriod", "7", &["0", "7", "14"]),
    rule("guardDutyActivate", "off", &[]),
    rule("serviceLongArnFormat", "enabled", &["enabled"]),
    rule("tagResourceAuthorization", "off", &["on", "off"]),
    rule("taskLongArnFormat", "enabled", &["enabled"]),
];

const fn rule(name: &'static str, default: &'static str, values: &'static [&'static str]) -> Rule {
    Rule { name, default, values }
}

/// Lists the settings that a principal has, or the ones that hold for it.
pub(super) fn list(
    world: &World,
    cx: &Cx<'_>,
    input: ListAccountSettingsRequest,
) -> Result<ListAccountSettingsResponse, Fault> {
    if let Some(name) = &input.name {
        find(name)?;
    }
    let principal = input.principal_arn.unwrap_or_else(|| cx.caller.arn.clone());
    let key = owner(&world.place, &principal);
    let is_effective = input.effective_settings.unwrap_or(false);
    let settings = RULES.iter().filter_map(|rule| {
        let own = own(world, rule.name, key.clone());
        let value = if is_effective { Some(effective(world, &principal, rule.name)) } else { own };
        value.map(|value| shown(rule.name, &value, &principal))
    });
    let asked = |setting: &Setting| {
        input.name.as_ref().is_none_or(|name| setting.name.as_ref() == Some(name))
            && input.value.as_ref().is_none_or(|value| setting.value.as_ref() == Some(value))
    };
    let ask = Ask {
        listing: "ListAccountSettings",
        token: input.next_token.as_deref(),
        limit: limit(input.max_results, 10, 10),
    };
    let page = page(settings.filter(asked), &ask, |row| row.name.clone().unwrap_or_default());
    let page = page.map_err(|_| fault::invalid_token())?;
    Ok(ListAccountSettingsResponse { settings: Some(page.rows), next_token: page.next })
}

/// Sets a setting for a principal, by default the caller.
pub(super) fn put(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: PutAccountSettingRequest,
) -> Result<PutAccountSettingResponse, Fault> {
    let principal = input.principal_arn.unwrap_or_else(|| cx.caller.arn.clone());
    let setting = set(draft, &input.name, &input.value, &principal)?;
    Ok(PutAccountSettingResponse { setting: Some(setting) })
}

/// Sets a setting for the account.
pub(super) fn put_default(
    draft: &mut Draft,
    _: &Cx<'_>,
    _: &mut Ids,
    input: PutAccountSettingDefaultRequest,
) -> Result<PutAccountSettingDefaultResponse, Fault> {
    let principal = root(&draft.place);
    let setting = set(draft, &input.name, &input.value, &principal)?;
    Ok(PutAccountSettingDefaultResponse { setting: Some(setting) })
}

/// Takes a principal's own setting away; what then holds for it is the account's.
pub(super) fn delete(
    draft: &mut Draft,
    cx: &Cx<'_>,
    _: &mut Ids,
    input: DeleteAccountSettingRequest,
) -> Result<DeleteAccountSettingResponse, Fault> {
    let rule = find(&input.name)?;
    let principal = input.principal_arn.unwrap_or_else(|| cx.caller.arn.clone());
    let principal_key = owner(&draft.place, &principal);
    let key = SettingKey { name: rule.name.to_owned(), principal: principal_key };
    draft.remove(RowKey::AccountSetting(key));
    let value = effective(draft, &principal, rule.name);
    Ok(DeleteAccountSettingResponse { setting: Some(shown(rule.name, &value, &principal)) })
}

/// The value that holds for a principal: its own, or the account's, or AWS's default.
pub(super) fn effective(world: &World, principal: &str, name: &str) -> String {
    let default = RULES.iter().find(|rule| rule.name == name).map_or("", |rule| rule.default);
    own(world, name, owner(&world.place, principal))
        .or_else(|| own(world, name, None))
        .unwrap_or_else(|| default.to_owned())
}

/// Refuses a value that a setting can't have.
pub(super) fn check(name: &str, value: &str) -> Result<(), Fault> {
    let allowed = find(name)?.values.contains(&value);
    if allowed { Ok(()) } else { Err(fault::invalid_setting("value")) }
}

fn find(name: &str) -> Result<&'static Rule, Fault> {
    let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    let rule = RULES.iter().find(|rule| rule.name == name);
    rule.ok_or_else(|| fault::not_one_of("unknown", &names))
}

fn set(draft: &mut Draft, name: &str, value: &str, principal: &str) -> Result<Setting, Fault> {
    check(name, value)?;
    let key = SettingKey { name: name.to_owned(), principal: owner(&draft.place, principal) };
    draft.put(AccountSetting { key, value: value.to_owned() });
    Ok(shown(name, value, principal))
}

fn own(world: &World, name: &str, principal: Option<String>) -> Option<String> {
    let key = SettingKey { name: name.to_owned(), principal };
    world.settings.get(&key).map(|setting| setting.value.clone())
}

/// Whose a principal's settings are: the root user's are the account's.
fn owner(place: &Place, principal: &str) -> Option<String> {
    (principal != root(place)).then(|| principal.to_owned())
}

fn root(place: &Place) -> String {
    format!("arn:aws:iam::{}:root", place.account)
}

fn shown(name: &str, value: &str, principal: &str) -> Setting {
    let kind = if name == "guardDutyActivate" { "aws_managed" } else { "user" };
    Setting {
        name: Some(name.to_owned()),
        value: Some(value.to_owned()),
        principal_arn: Some(principal.to_owned()),
        r#type: Some(kind.to_owned()),
    }
}
