//! What replylint is measured with: text that is made up by a seed, and a clock of processor time.

mod corpus;

use std::time::Duration;

pub use corpus::{Corpus, Failure, Sample, cut};
use rustix::time::{ClockId, clock_gettime};

/// The processor time that this process has used: other work on the machine does not count.
///
/// ```
/// let begun = replylint_benches::cpu_time();
/// assert!(replylint_benches::cpu_time() >= begun);
/// ```
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    // The clock counts from the start of the process and is never negative.
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs().try_into().unwrap_or_default())
}
