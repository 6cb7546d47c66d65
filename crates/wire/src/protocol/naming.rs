//! In what EC2's dialect differs from Query: names, and how lists are written in forms.
//!
//! The rules are those of botocore's `EC2Serializer` and `EC2QueryParser`.

use api::Member;
use api::shape::List;
use std::borrow::Cow;

/// Whose names are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// AWS Query: members by their own names, `Names.member.1`.
    Query,
    /// EC2: members by names of their own for each direction, `Name.1`.
    Ec2,
    /// REST-XML: members by their wire names; it has no forms.
    Rest,
}

impl Naming {
    /// A member's name in a form. EC2 takes `queryName`, else `locationName` with a capital.
    pub(crate) fn in_form(self, member: &'static Member) -> Cow<'static, str> {
        match (self, member.query, member.location) {
            (Self::Ec2, Some(query), _) => Cow::Borrowed(query),
            (Self::Ec2, None, Some(location)) => with_capital(location),
            (Self::Ec2, None, None) | (Self::Query | Self::Rest, ..) => Cow::Borrowed(member.name),
        }
    }

    /// A member's name in XML.
    pub(crate) fn in_xml(self, member: &'static Member) -> &'static str {
        match self {
            Self::Ec2 | Self::Rest => member.location.unwrap_or(member.name),
            Self::Query => member.name,
        }
    }

    /// The word between a list's name and an element's number in a form.
    pub(crate) fn before_index(self, list: &'static List) -> Option<&'static str> {
        match self {
            Self::Ec2 => None,
            Self::Query | Self::Rest => Some(list.element_name),
        }
    }
}

fn with_capital(name: &'static str) -> Cow<'static, str> {
    match name.as_bytes().first() {
        Some(first) if first.is_ascii_lowercase() => {
            let mut owned = name.to_owned();
            owned[..1].make_ascii_uppercase();
            Cow::Owned(owned)
        }
        _ => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::Shape;

    fn check(member: Member, form: &str, xml: &str) {
        let member: &'static Member = Box::leak(Box::new(member));
        assert_eq!(Naming::Ec2.in_form(member), form);
        assert_eq!(Naming::Ec2.in_xml(member), xml);
        assert_eq!(Naming::Query.in_form(member), member.name);
        assert_eq!(Naming::Query.in_xml(member), member.name);
    }

    #[test]
    fn ec2_has_a_name_for_each_direction() {
        let member =
            |location, query| Member::optional("VpcIds", Shape::Boolean).named(location, query);
        check(member(None, None), "VpcIds", "VpcIds");
        check(member(Some("vpcId"), None), "VpcId", "vpcId");
        check(member(Some("VpcId"), None), "VpcId", "VpcId");
        check(member(Some("vpcId"), Some("vpc")), "vpc", "vpcId");
    }
}
