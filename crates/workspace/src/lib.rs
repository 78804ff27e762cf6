//! What lies on disk: the configuration that is in force for a file, the packs it names, and which files to check.

mod config;
mod files;
mod packs;

pub use config::{CONFIG_NAME, Config, find_config, read_config};
pub use files::{Found, is_json_lines, walk};
pub use packs::read_pack_folder;
