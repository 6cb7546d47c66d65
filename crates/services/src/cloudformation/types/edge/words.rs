//! A property as the API has it. Where the API says how long a list is, a template has the list
//! alone; and some members have other names.

use api::{Shape, Structure};
use serde_json::{Map, Value as Json, json};

/// Names that differ, by the structure that has them: CloudFormation's, the API's.
const NAMES: [(&str, &str, &str); 4] = [
    ("DistributionConfig", "IPV6Enabled", "IsIPV6Enabled"),
    ("Origin", "OriginCustomHeaders", "CustomHeaders"),
    ("GeoRestriction", "Locations", "Items"),
    ("DistributionConfig", "CNAMEs", "Aliases"),
];

/// A property along its shape. What is of another kind stays, and is refused where it is called with.
pub(super) fn along(shape: &'static Structure, given: &Json) -> Json {
    match given {
        Json::Array(items) if is_counted(shape) => counted(shape, items.clone()),
        Json::Object(members) => object(shape, members),
        other => other.clone(),
    }
}

fn object(shape: &'static Structure, given: &Map<String, Json>) -> Json {
    let mut members = Map::new();
    for (name, held) in given {
        let renamed = NAMES.iter().find(|(of, from, _)| *of == shape.name && from == name);
        let name = renamed.map_or(name.as_str(), |(.., to)| to);
        let member = shape.members.iter().find(|member| member.name.eq_ignore_ascii_case(name));
        let held = member.map_or_else(|| held.clone(), |member| one(member.shape, held));
        members.insert(name.to_owned(), held);
    }
    if let Some(cached) =
        members.remove("CachedMethods").filter(|_| !shape.name.starts_with("Allowed"))
    {
        cache_methods(&mut members, cached);
    }
    if is_counted(shape) && !members.contains_key("Quantity") {
        let count = members.get("Items").and_then(Json::as_array).map_or(0, Vec::len);
        members.insert("Quantity".to_owned(), json!(count));
        // An `Enabled` beside them, where there is one, follows from there being any.
        let enabled = shape.members.iter().any(|member| member.name == "Enabled");
        if enabled && !members.contains_key("Enabled") {
            members.insert("Enabled".to_owned(), json!(count > 0));
        }
    }
    Json::Object(members)
}

fn one(shape: Shape, given: &Json) -> Json {
    match (shape, given) {
        (Shape::Structure(inner), given) => along(inner, given),
        (Shape::List(list), Json::Array(items)) => {
            items.iter().map(|item| one(list.element, item)).collect()
        }
        (_, given) => given.clone(),
    }
}

/// A list with its length.
fn counted(shape: &'static Structure, items: Vec<Json>) -> Json {
    let mut members = Map::new();
    members.insert("Items".to_owned(), Json::Array(items));
    object(shape, &members)
}

/// Whether the API says how long a list is.
fn is_counted(shape: &Structure) -> bool {
    let has = |name| shape.members.iter().any(|member| member.name == name);
    has("Quantity") && has("Items")
}

/// The methods that are cached stand beside those that are allowed in a template, and below them in
/// the API, which has none without the others.
fn cache_methods(members: &mut Map<String, Json>, cached: Json) {
    let read = || json!({ "Items": ["GET", "HEAD"], "Quantity": 2 });
    let allowed = members.entry("AllowedMethods").or_insert_with(read);
    let count = cached.as_array().map_or(0, Vec::len);
    if let Json::Object(allowed) = allowed {
        let cached = json!({ "Items": cached, "Quantity": count });
        allowed.insert("CachedMethods".to_owned(), cached);
    }
}

#[cfg(test)]
mod tests {
    use super::along;
    use api::cloudfront::shapes;
    use serde_json::{Value as Json, json};

    fn check(shape: &'static api::Structure, given: &Json, expected: &Json) {
        assert_eq!(along(shape, given), *expected);
    }

    #[test]
    fn lists_say_how_long_they_are() {
        check(
            &shapes::DISTRIBUTION_CONFIG,
            &json!({ "Aliases": ["a", "b"], "IPV6Enabled": true }),
            &json!({ "Aliases": { "Items": ["a", "b"], "Quantity": 2 }, "IsIPV6Enabled": true }),
        );
        check(
            &shapes::RESPONSE_HEADERS_POLICY_CONFIG,
            &json!({ "CorsConfig": { "AccessControlAllowOrigins": { "Items": ["*"] } } }),
            &json!({ "CorsConfig": {
                "AccessControlAllowOrigins": { "Items": ["*"], "Quantity": 1 },
            } }),
        );
    }

    #[test]
    fn cached_methods_stand_below_the_allowed_ones() {
        check(
            &shapes::DEFAULT_CACHE_BEHAVIOR,
            &json!({ "AllowedMethods": ["GET", "HEAD", "OPTIONS"], "CachedMethods": ["GET", "HEAD"] }),
            &json!({ "AllowedMethods": {
                "Items": ["GET", "HEAD", "OPTIONS"],
                "Quantity": 3,
                "CachedMethods": { "Items": ["GET", "HEAD"], "Quantity": 2 },
            } }),
        );
    }

    #[test]
    fn lists_in_lists_are_reached() {
        let origins = json!([{ "Id": "a", "OriginCustomHeaders": [{ "HeaderName": "x" }] }]);
        let headers = json!({ "Items": [{ "HeaderName": "x" }], "Quantity": 1 });
        let origins_then = json!([{ "Id": "a", "CustomHeaders": headers }]);
        check(
            &shapes::DISTRIBUTION_CONFIG,
            &json!({ "Origins": origins }),
            &json!({ "Origins": { "Items": origins_then, "Quantity": 1 } }),
        );
    }
}
