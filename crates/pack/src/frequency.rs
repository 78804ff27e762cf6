//! How often words stand in texts of a language, as far as the examples of its pack tell.

use std::collections::BTreeMap;

use crate::fold_into;
use crate::lexicon::Form;

/// Counts of words, readable from both ends.
#[derive(Debug, Default)]
pub(crate) struct Frequencies {
    forward: BTreeMap<String, u32>,
    backward: BTreeMap<String, u32>,
    total: u32,
}

impl Frequencies {
    /// Fewer words than this are no sample of a language.
    const LEAST: u32 = 2000;

    /// Counts the words of texts.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut frequencies = Frequencies::default();
        let mut folded = String::new();
        for text in texts {
            let is_part = |sign: char| sign.is_alphanumeric() || matches!(sign, '\'' | '’' | '\u{200c}');
            for word in text.split(|sign| !is_part(sign)).filter(|word| !word.is_empty()) {
                folded.clear();
                fold_into(word, &mut folded);
                *frequencies.forward.entry(folded.clone()).or_default() += 1;
                frequencies.total += 1;
            }
        }
        let reversed = |(word, count): (&String, &u32)| (word.chars().rev().collect(), *count);
        frequencies.backward = frequencies.forward.iter().map(reversed).collect();
        frequencies
    }

    /// Of how many words in ten thousand a form is one; `None` where there are too few words to tell.
    pub fn per_ten_thousand(&self, form: &Form) -> Option<u32> {
        if self.total < Self::LEAST {
            return None;
        }
        let beginning_with = |map: &BTreeMap<String, u32>, beginning: &str| -> u32 {
            map.range(beginning.to_owned()..)
                .take_while(|(word, _)| word.starts_with(beginning))
                .map(|(_, count)| count)
                .sum()
        };
        let count = match form {
            Form::Word(word) => self.forward.get(word).copied().unwrap_or_default(),
            Form::Stem(stem) => beginning_with(&self.forward, stem),
            Form::Ending(ending) => beginning_with(&self.backward, &ending.chars().rev().collect::<String>()),
        };
        Some((u64::from(count) * 10_000 / u64::from(self.total)) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::Frequencies;
    use crate::lexicon::Form;

    #[test]
    fn words_stems_and_endings_are_counted() {
        let text = "The refund, the refunds and the end. ".repeat(300);
        let frequencies = Frequencies::of([text.as_str()].into_iter());
        let of = |form: Form| frequencies.per_ten_thousand(&form);
        assert_eq!(of(Form::Word("the".into())), Some(4285));
        assert_eq!(of(Form::Stem("refund".into())), Some(2857));
        assert_eq!(of(Form::Ending("nd".into())), Some(4285));
        assert_eq!(of(Form::Word("unheard".into())), Some(0));
        let short = Frequencies::of(["too little to tell"].into_iter());
        assert_eq!(short.per_ten_thousand(&Form::Word("too".into())), None);
    }
}
