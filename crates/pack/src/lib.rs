//! Language packs: TOML in, compiled phrases out. The same compiler serves the build and user packs at run time.

mod error;

pub use error::{Error, did_you_mean};
