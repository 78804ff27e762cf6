//! Estimates: what the phrases found is read as a time, and what turns out to be no estimate is left alone.

use replylint_pack::Unit;

use super::{Context, RawFinding};
use crate::time::Estimate;

/// Years beyond this are ages and terms of contracts, not answers to "when?".
const MOST_YEARS: f64 = 5.0;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let first = out.len();
    super::phrases(context, out);
    let mut at = first;
    while at < out.len() {
        if is_no_estimate(context, &out[at]) {
            out.remove(at);
        } else {
            at += 1;
        }
    }
}

/// "10 (ten) days" names one amount twice, "2 to 12 years" is an age.
fn is_no_estimate(context: &Context<'_>, finding: &RawFinding) -> bool {
    if finding.kind.as_deref() != Some("range") {
        return false;
    }
    let estimate = finding.words.as_ref().and_then(|words| {
        Estimate::read(context.analysis, finding.pack, words.start as usize..words.end as usize)
    });
    estimate.is_some_and(|estimate| {
        let amounts = estimate.amounts;
        amounts > 1 && estimate.low == estimate.high && !estimate.is_mixed
            || estimate.unit == Unit::Year && estimate.high > MOST_YEARS
    })
}
