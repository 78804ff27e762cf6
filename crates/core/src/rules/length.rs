//! Too long or too short for the channel.

use super::{Context, RawFinding};
use crate::{Channel, LengthLimits};

/// What a reply should hold where the configuration says nothing, in words.
pub(crate) fn default_limits(channel: Channel) -> LengthLimits {
    let (min_words, max_words) = match channel {
        Channel::Email => (8, 220),
        Channel::Chat => (1, 80),
        Channel::Social => (3, 70),
        Channel::Review => (5, 130),
    };
    LengthLimits { min_words: Some(min_words), max_words: Some(max_words) }
}

pub(super) fn run(context: &Context<'_>, out: &mut Vec<RawFinding>) {
    let Some((pack, _)) = context.main_pack() else { return };
    let channel = context.channel.unwrap_or_default();
    let limits = context.options.length.get(&channel).copied().unwrap_or_else(|| default_limits(channel));
    let words = context.analysis.words();
    let kind = if limits.max_words.is_some_and(|most| words > most) {
        "too-long"
    } else if words > 0 && limits.min_words.is_some_and(|least| words < least) {
        "too-short"
    } else {
        return;
    };
    out.push(context.finding(Some(kind), 0..0, pack));
}
