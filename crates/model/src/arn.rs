//! Amazon Resource Names, taken apart.

use std::fmt;
use std::str::FromStr;

/// An ARN in its six parts. It keeps what it was given: which resource forms a service accepts is
/// the service's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// The service's ARN namespace: `ecs`, `elasticloadbalancing`.
    pub service: String,
    /// Empty for global services.
    pub region: String,
    /// Empty where AWS leaves it out.
    pub account: String,
    /// Everything after the fifth colon, colons and slashes included.
    pub resource: String,
}

/// The text does not have the six parts of an ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseArnError;

impl Arn {
    /// The resource without its type: `resource_after("cluster/")` of `…:cluster/shop` is `shop`.
    #[must_use]
    pub fn resource_after(&self, prefix: &str) -> Option<&str> {
        self.resource.strip_prefix(prefix)
    }
}

// === impl FromStr ===

impl FromStr for Arn {
    type Err = ParseArnError;

    fn from_str(text: &str) -> Result<Self, ParseArnError> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next().map(str::to_owned).ok_or(ParseArnError);
        if next()? != "arn" {
            return Err(ParseArnError);
        }
        Ok(Self {
            partition: next()?,
            service: next()?,
            region: next()?,
            account: next()?,
            resource: next()?,
        })
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

impl fmt::Display for ParseArnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an ARN: expected `arn:partition:service:region:account:resource`")
    }
}

impl std::error::Error for ParseArnError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_keeps_its_colons() {
        let text = "arn:aws:secretsmanager:eu-west-1:000000000000:secret:db-AbCdEf:password::";
        let arn: Arn = text.parse().unwrap();
        assert_eq!(arn.resource, "secret:db-AbCdEf:password::");
        assert_eq!(arn.to_string(), text);
    }

    #[test]
    fn a_name_is_not_an_arn() {
        assert_eq!("shop".parse::<Arn>(), Err(ParseArnError));
        assert_eq!("arn:aws:ecs".parse::<Arn>(), Err(ParseArnError));
    }
}
