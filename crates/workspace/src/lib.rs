//! What lies on disk: the configuration that is in force for a file, the packs it names, and which files to check,
//! and which findings are not to be reported.

mod config;
mod files;
mod packs;
mod suppress;

pub use config::{CONFIG_NAME, Config, find_config, read_config};
pub use files::{Found, walk};
pub use packs::read_pack_folder;
pub use suppress::{Baseline, Ignore, Suppressions, fingerprint};
