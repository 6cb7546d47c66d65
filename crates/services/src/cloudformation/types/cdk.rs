//! `AWS::CDK::Metadata`: what the CDK counts its users with. It is nothing anywhere.

use super::{Kind, Look, Removal, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::Hand;
use crate::cloudformation::wish::Wish;
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Metadata;

impl Kind for Metadata {
    fn name(&self) -> &'static str {
        "AWS::CDK::Metadata"
    }

    fn create(&self, hand: &mut Hand<'_>, _: &Wish<'_>) -> Result<String, Failure> {
        Ok(hand.ids.uuid())
    }

    fn update(&self, _: &mut Hand<'_>, _: &Standing, _: &Wish<'_>) -> Result<(), Failure> {
        Ok(())
    }

    fn remove(&self, _: &mut Hand<'_>, _: &Standing) -> Result<Removal, Failure> {
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, _: &Standing) -> Result<Look, Failure> {
        Ok(stable([]))
    }
}
