//! Stamped text. "Dear customer" is one only where the thread tells the customer's name.

use super::{Context, RawFinding};
use crate::thread::customer_name;

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let first = out.len();
    super::phrases(context, out);
    if out[first..].iter().any(|finding| finding.kind.as_deref() == Some("impersonal"))
        && customer_name(context.thread).is_none()
    {
        let mut at = first;
        while at < out.len() {
            if out[at].kind.as_deref() == Some("impersonal") {
                out.remove(at);
            } else {
                at += 1;
            }
        }
    }
}
