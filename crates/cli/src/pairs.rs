//! How well the points tell a reply from one to another customer, for `replylint eval`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use replylint::Linter;
use replylint_input::LabelledReply;
use serde::Serialize;

/// The share of the points that replies are said to answer.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Pairs {
    /// By customer's message with its own reply.
    #[serde(skip)]
    own: Vec<f64>,
    /// By customer's message with the reply of the next row of its language.
    #[serde(skip)]
    others: Vec<f64>,
    /// Mean share of the points answered by the message's own reply.
    own_answered: f64,
    /// Mean share of the points answered by the next reply.
    other_answered: f64,
    /// How often a message's own reply has the greater share than a reply of another message; a tie counts one half.
    auc: f64,
}

impl Pairs {
    /// Pairs each customer's message that has points with its own reply and with the next one of its language; the last
    /// message with the first reply. Replies of the same words are passed over. `None` where there is nothing to pair.
    pub(crate) fn of(linter: &Linter, replies: &[LabelledReply]) -> Option<Pairs> {
        let mut by_language: BTreeMap<&str, Vec<&LabelledReply>> = BTreeMap::new();
        for reply in replies.iter().filter(|reply| !reply.thread.messages.is_empty()) {
            by_language.entry(&reply.language).or_default().push(reply);
        }
        let mut pairs = Pairs::default();
        for rows in by_language.values() {
            for (at, row) in rows.iter().enumerate() {
                let text = &row.thread.draft.text;
                let following = rows[at + 1..].iter().chain(&rows[..at]);
                // Canned replies stand in a row; a few steps lead past them.
                let Some(other) = following.take(8).find(|other| other.thread.draft.text != *text) else {
                    continue;
                };
                let mut thread = row.thread.clone();
                if linter.languages().any(|code| code == row.language) {
                    thread.language = Some(row.language.clone());
                }
                let Some(own) = share(linter, &thread) else { continue };
                thread.draft.text.clone_from(&other.thread.draft.text);
                if let Some(others) = share(linter, &thread) {
                    pairs.own.push(own);
                    pairs.others.push(others);
                }
            }
        }
        if pairs.own.is_empty() {
            return None;
        }
        let mean = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
        pairs.own_answered = mean(&pairs.own);
        pairs.other_answered = mean(&pairs.others);
        pairs.auc = auc(&pairs.own, &mut pairs.others);
        Some(pairs)
    }

    pub(crate) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "points called answered: {:.3} by the message's own reply, {:.3} by another's; AUC {:.3} over {} messages",
            self.own_answered,
            self.other_answered,
            self.auc,
            self.own.len()
        )
    }
}

/// The share of a thread's points that are answered; `None` where there are none.
fn share(linter: &Linter, thread: &replylint::Thread) -> Option<f64> {
    let points = linter.check(thread).points;
    let answered = points.iter().filter(|point| point.is_answered).count();
    (!points.is_empty()).then(|| answered as f64 / points.len() as f64)
}

/// The area under the curve: how often one of `greater` is above one of `smaller`, which is sorted for it.
fn auc(greater: &[f64], smaller: &mut [f64]) -> f64 {
    smaller.sort_unstable_by(f64::total_cmp);
    let wins: f64 = greater
        .iter()
        .map(|share| {
            let below = smaller.partition_point(|other| other < share);
            let up_to = smaller.partition_point(|other| other <= share);
            (below + up_to) as f64 / 2.0
        })
        .sum();
    wins / (greater.len() * smaller.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::auc;

    #[test]
    fn ties_count_one_half() {
        assert!((auc(&[1.0, 1.0], &mut [0.0, 0.5]) - 1.0).abs() < 1e-9);
        assert!((auc(&[1.0, 0.0], &mut [1.0, 0.0]) - 0.5).abs() < 1e-9);
        assert!((auc(&[0.0], &mut [1.0]) - 0.0).abs() < 1e-9);
    }
}
