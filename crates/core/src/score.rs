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
        // What each category lost, where it can be judged.
        let mut lost = Category::ALL.map(|category| applies(category).then_some(0.0f64));
        let mut seen: Vec<(&str, u32)> = Vec::new();
        // The summary of open points says again what their own findings say.
        let counted = |finding: &&Finding| finding.kind.as_deref() != Some(SUMMARY);
        for finding in findings.iter().filter(counted) {
            let times = match seen.iter_mut().find(|(rule, _)| *rule == finding.rule) {
                Some((_, times)) => {
                    *times += 1;
                    *times
                }
                None => {
                    seen.push((&finding.rule, 1));
                    1
                }
            };
            let category = category_of(&finding.rule);
            let place =
                category.and_then(|category| Category::ALL.iter().position(|known| *known == category));
            if let Some(Some(lost)) = place.map(|place| &mut lost[place]) {
                *lost += cost(finding.severity) / f64::from(times);
            }
        }
        let weight = |category: &Category| weights.get(category).copied().unwrap_or(1.0);
        let weighed = Category::ALL
            .iter()
            .zip(&lost)
            .filter_map(|(category, lost)| Some(lost.as_ref()?.min(100.0) * weight(category)));
        let total = 100.0 - weighed.sum::<f64>();
        let rounded = |score: f64| score.clamp(0.0, 100.0).round() as u8;
        Score {
            total: rounded(total),
            categories: Category::ALL
                .into_iter()
                .zip(lost)
                .map(|(category, lost)| (category, lost.map(|lost| rounded(100.0 - lost))))
                .collect(),
        }
    }
}

/// The kind of a finding that lists other findings.
const SUMMARY: &str = "summary";
