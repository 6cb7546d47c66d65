//! `budget`: what an environment may cost, and who is told of how much of it.

use crate::kind::{Format, formatted, list, part, whole};

/// An address of mail, as far as AWS Budgets looks at it.
static MAIL: Format = Format::new(
    "an address of mail",
    "have a name, an `@` and a domain",
    r"^[^\s@]+@[^\s@]+\.[^\s@]+$",
    50,
    "team@example.com",
);

part! {
    /// What an environment may cost. AWS Budgets adds up what bears the environment's tags, and tells
    /// of it some hours later; it stops nothing. The tags `neargate:app` and `neargate:environment`
    /// have to be activated for cost allocation once an account.
    pub struct Budget as BudgetRead {
        /// US dollars a month.
        monthly: u32 = whole::<u32>(1, 10_000_000), [required],
            elsewhere ["limit", "amount"];
        /// Of which shares of it is told, in percent of what is spent.
        alert: Vec<u32> = list(whole::<u32>(1, 1000), 1, 5),
            [default "[80, 100]", because "one is a warning, and one is late"],
            elsewhere ["thresholds", "threshold"];
        /// Who is told, by mail.
        notify: Vec<String> = list(formatted(&MAIL), 1, 10), [required],
            elsewhere ["subscribers", "emails", "email"];
    }
}
