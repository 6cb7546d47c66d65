//! `static`: files instead of tasks.

use super::build::PATH;
use crate::kind::{any_text, formatted, part};

part! {
    /// A folder of files that is served as it is: a bucket and a distribution on AWS. Files with a
    /// hash in their name are cached for a year, pages never.
    pub struct StaticSite as StaticSiteRead, short "directory" {
        /// The folder with the finished files, relative to the manifest's.
        directory: String = formatted(&PATH), [required];
        /// A line for the shell that makes them, run in the manifest's folder before each deployment.
        build: Option<String> = any_text(),
            [optional "the files are there already"];
        /// The page for a path that ends with `/`.
        index: String = formatted(&PATH),
            [default "index.html", because "what every bundler writes"];
        /// The page for paths that are no file, for applications that route in the browser.
        fallback: Option<String> = formatted(&PATH),
            [optional "such paths answer 404"];
    }
}
