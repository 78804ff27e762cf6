//! Checks the replies of a JSON array on standard input with harper-core and prints processor time and findings as JSON.

use std::io;

use harper_core::linting::{LintGroup, Linter};
use harper_core::parsers::PlainEnglish;
use harper_core::spell::FstDictionary;
use harper_core::{Dialect, Document};
use rustix::time::{ClockId, clock_gettime};

fn seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn main() -> serde_json::Result<()> {
    let replies: Vec<String> = serde_json::from_reader(io::stdin().lock())?;
    let mut linter = LintGroup::new_curated(FstDictionary::curated(), Dialect::American);
    // Dictionaries are read when they are first asked.
    linter.lint(&Document::new_curated("A few words.", &PlainEnglish));
    let begun = seconds();
    let mut findings = 0;
    for reply in &replies {
        findings += linter.lint(&Document::new_curated(reply, &PlainEnglish)).len();
    }
    println!("{}", serde_json::json!({"seconds": seconds() - begun, "findings": findings}));
    Ok(())
}
