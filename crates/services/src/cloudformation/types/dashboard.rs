//! `AWS::CloudWatch::Dashboard`.

use super::{Kind, Look, Removal, stable};
use crate::cloudformation::failure::Failure;
use crate::cloudformation::hand::{Hand, members};
use crate::cloudformation::wish::{Case, Naming, Wish};
use api::cloudwatch::{DeleteDashboards, PutDashboard};
use serde_json::json;
use world::stack::Standing;

/// The type.
#[derive(Debug)]
pub(super) struct Dashboard;

const NAME: Naming = Naming { most: 255, lower: Case::Any };

impl Kind for Dashboard {
    fn name(&self) -> &'static str {
        "AWS::CloudWatch::Dashboard"
    }

    fn replaced_by(&self) -> &'static [&'static str] {
        &["DashboardName"]
    }

    fn custom_name(&self) -> Option<&'static str> {
        Some("DashboardName")
    }

    fn create(&self, hand: &mut Hand<'_>, wish: &Wish<'_>) -> Result<String, Failure> {
        let name = wish.name("DashboardName", NAME, hand);
        let mut input = wish.without(&[]);
        input.insert("DashboardName".to_owned(), json!(name));
        hand.call::<PutDashboard>(input)?;
        Ok(name)
    }

    fn update(&self, hand: &mut Hand<'_>, held: &Standing, wish: &Wish<'_>) -> Result<(), Failure> {
        let mut input = wish.without(&[]);
        input.insert("DashboardName".to_owned(), json!(held.physical));
        hand.call::<PutDashboard>(input).map(drop)
    }

    fn remove(&self, hand: &mut Hand<'_>, held: &Standing) -> Result<Removal, Failure> {
        hand.call::<DeleteDashboards>(members([("DashboardNames", json!([held.physical]))]))?;
        Ok(Removal::Gone)
    }

    fn look(&self, _: &mut Hand<'_>, _: &Standing) -> Result<Look, Failure> {
        Ok(stable([]))
    }
}
