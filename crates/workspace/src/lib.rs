//! What lies on disk: the configuration that is in force for a file, the packs it names, which findings
//! were accepted, and which files to check.

mod config;
mod files;
mod ignores;
mod packs;

pub use config::{CONFIG_NAME, Config, find_config, read_config};
pub use files::{Found, is_json_lines, walk};
pub use ignores::{IGNORES_NAME, Ignore, Ignores, add_ignore, digest, find_ignores, name_below};
pub use packs::read_pack_folder;
