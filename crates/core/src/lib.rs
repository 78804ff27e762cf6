//! Checks a customer-service reply and says, at the words themselves, what will annoy or fail the customer, why, and
//! how to say it better.
//!
//! Build a [`Linter`] once, give it a [`Thread`], read the [`Report`]:
//!
//! ```
//! use replylint::{Linter, Message, Options, Role, Thread};
//!
//! let linter = Linter::new(Options::default())?;
//! let mut thread = Thread::new("Hello Ana,\n\nyou will get it soon.");
//! thread.messages.push(Message::new(Role::Customer, "Where is my parcel?"));
//! for finding in linter.check(&thread).findings {
//!     println!("{} at {:?}: {}", finding.rule, finding.span, finding.message);
//! }
//! # Ok::<(), replylint::PackError>(())
//! ```
//!
//! The library does no input or output, has no clock and no global state, and a check cannot fail: whatever can be
//! wrong with the packs or the options is reported by [`Linter::new`].

mod analysis;
mod conversation;
mod detect;
mod entities;
mod linter;
mod model;
mod options;
mod packs;
mod points;
mod pool;
mod report;
mod rules;
mod scan;
mod score;
mod stems;
mod text;
mod thread;
mod time;
mod verify;
mod vocabulary;
mod wording;
mod workbench;

pub use linter::Linter;
pub use model::*;
pub use options::{LengthLimits, Options, PackFile, Register, RuleSetting};
pub use packs::catalogue;
pub use replylint_pack::{
    Card, Category, Completion, Completions, DefaultSeverity, Direction, Error as PackError, Example, Scope,
    Tier, did_you_mean, read_toml,
};
pub use score::Score;
pub use text::{QuotedPart, quoted_parts};
pub use verify::{Coverage, PackSummary, Problem, built_in_files, coverage, verify_packs};
