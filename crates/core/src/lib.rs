//! Checks a customer-service reply and says, at the words themselves, what will annoy or fail the customer.

mod linter;
mod model;
mod options;

pub use linter::Linter;
pub use model::*;
pub use options::{LengthLimits, Options, PackFile, Register, RuleSetting};
pub use replylint_pack::Error as PackError;
