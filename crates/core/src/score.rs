//! One number for a reply, and one for each category of rules.

use std::collections::BTreeMap;

use replylint_pack::Category;

use crate::{Finding, Severity};

/// How good a reply is, from 0 to 100.
///
/// Each finding costs points by its severity: an error 40, a warning 12, an info 5, a hint 2. The second finding of a rule
/// costs half of that, the third a third, and so on. A category's score is 100 less what its findings cost, and at least 0.
/// The total is 100 less what all categories lost, each times its weight (1 unless the options say otherwise), and at
/// least 0.
///
/// ```
/// use replylint::{Category, Linter, Options, Thread};
///
/// let linter = Linter::new(Options::default())?;
/// let report = linter.check(&Thread::new("Hello Ana, your order will reach you in 4 to 8 weeks."));
/// let score = report.score.expect("the language is known");
/// assert_eq!(score.total, 88);
/// assert_eq!(score.categories[&Category::Clarity], Some(88));
/// // There is no customer's message, so nobody can tell whether everything is answered.
/// assert_eq!(score.categories[&Category::Completeness], None);
/// # Ok::<(), replylint::PackError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Score {
    /// All categories together, from 0 to 100.
    pub total: u8,
    /// Each category, from 0 to 100; `None` where it does not apply: no rule of it runs in the reply's language, or all of
    /// them need a customer's message and there is none.
    pub categories: BTreeMap<Category, Option<u8>>,
}

/// What a finding costs.
fn cost(severity: Severity) -> f64 {
    match severity {
        Severity::Hint => 2.0,
        Severity::Info => 5.0,
        Severity::Warning => 12.0,
        Severity::Error => 40.0,
    }
}

impl Score {
    /// The score of findings; `applies` are the categories that can be judged, `category_of` gives a rule's.
    pub(crate) fn of(
        findings: &[Finding],
        applies: impl Fn(Category) -> bool,
        category_of: impl Fn(&str) -> Option<Category>,
        weights: &BTreeMap<Category, f64>,
    ) -> Self {
        let mut lost: BTreeMap<Category, f64> = Category::ALL
            .into_iter()
            .filter(|category| applies(*category))
            .map(|category| (category, 0.0))
            .collect();
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        // The summary of open points says again what their own findings say.
        let counted = |finding: &&Finding| finding.kind.as_deref() != Some(SUMMARY);
        for finding in findings.iter().filter(counted) {
            let times = seen.entry(&finding.rule).or_default();
            *times += 1;
            if let Some(lost) = category_of(&finding.rule).and_then(|category| lost.get_mut(&category)) {
                *lost += cost(finding.severity) / f64::from(*times);
            }
        }
        let weighed = lost
            .iter()
            .map(|(category, lost)| lost.min(100.0) * weights.get(category).copied().unwrap_or(1.0));
        let total = 100.0 - weighed.sum::<f64>();
        let rounded = |score: f64| score.clamp(0.0, 100.0).round() as u8;
        Score {
            total: rounded(total),
            categories: Category::ALL
                .into_iter()
                .map(|category| (category, lost.get(&category).map(|lost| rounded(100.0 - lost))))
                .collect(),
        }
    }
}

/// The kind of a finding that lists other findings.
const SUMMARY: &str = "summary";
