//! The language of a paragraph: by its script, by the frequent words of languages, by letters, and by `whatlang` where
//! all of them leave it open.

use replylint_pack::LanguageEvidence;
use rustc_hash::FxHashMap;

use crate::text::{Text, Token, TokenKind, Tokens};

/// Languages are bits of a word of this many bits; those beyond are not told apart.
const MOST_LANGUAGES: usize = 128;
/// So many words of a paragraph are looked at.
const SAMPLE_WORDS: usize = 80;
/// Below this confidence no language is named: silence beats noise.
const LEAST_CONFIDENCE: f64 = 0.5;
/// What the customer's language is worth, in words.
const PRIOR: f64 = 0.7;

/// Tells languages apart.
#[derive(Debug)]
pub(crate) struct Detector {
    languages: Vec<LanguageEvidence>,
    /// Whether a language has a pack.
    ours: Vec<bool>,
    words: FxHashMap<String, u128>,
    letters: FxHashMap<char, (u128, u128)>,
}

/// What was found out about a paragraph.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Detection {
    /// The language's code where it has a pack and the confidence is enough.
    pub language: Option<String>,
    /// From 0 to 1.
    pub confidence: f64,
    /// Whether the paragraph gave no evidence for any language, so that a default may be taken.
    pub is_open: bool,
}

/// Families of scripts which hold more than one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Other,
}

impl Detector {
    /// A detector for languages of which `ours` have packs.
    pub fn new(mut languages: Vec<LanguageEvidence>, ours: &[&str]) -> Self {
        languages.truncate(MOST_LANGUAGES);
        let mut words: FxHashMap<String, u128> = FxHashMap::default();
        let mut letters: FxHashMap<char, (u128, u128)> = FxHashMap::default();
        for (at, language) in languages.iter().enumerate() {
            for word in &language.words {
                *words.entry(word.clone()).or_default() |= 1 << at;
            }
            for letter in language.letters.chars() {
                letters.entry(letter).or_default().0 |= 1 << at;
            }
            for letter in language.not_letters.chars() {
                letters.entry(letter).or_default().1 |= 1 << at;
            }
        }
        let ours = languages.iter().map(|language| ours.contains(&language.code.as_str())).collect();
        Detector { languages, ours, words, letters }
    }

    /// The language of a text as a whole, for texts that are not checked themselves.
    pub fn language_of(&self, text: &str) -> Option<String> {
        let tokens = Tokens::of(text);
        self.detect_tokens(text, &tokens, &tokens.list, None).language
    }

    /// The language of a paragraph; `prior` is the customer's language.
    pub fn detect(&self, source: &str, text: &Text, paragraph: usize, prior: Option<&str>) -> Detection {
        let tokens = &text.tokens.list[text.paragraphs[paragraph].tokens.clone()];
        self.detect_tokens(source, &text.tokens, tokens, prior)
    }

    fn detect_tokens(&self, source: &str, tokens: &Tokens, list: &[Token], prior: Option<&str>) -> Detection {
        let sample: Vec<&Token> =
            list.iter().filter(|token| token.kind == TokenKind::Word).take(SAMPLE_WORDS).collect();
        let (Some(first), Some(last)) = (sample.first(), sample.last()) else {
            return Detection { language: None, confidence: 0.0, is_open: true };
        };
        let script = script(sample.iter().map(|token| &source[token.range()]));
        if script == Script::Other {
            return Detection { language: None, confidence: 1.0, is_open: false };
        }
        let mut scores = vec![0.0f64; self.languages.len()];
        for token in &sample {
            if let Some(mask) = self.words.get(tokens.folded_of(token)) {
                let weight = 1.0 / f64::from(mask.count_ones()).sqrt();
                each_bit(*mask, |at| scores[at] += weight);
            }
            for letter in source[token.range()].chars().filter(|sign| !sign.is_ascii()) {
                let letter = letter.to_lowercase().next().unwrap_or(letter);
                if let Some((for_it, against)) = self.letters.get(&letter) {
                    let weight = 0.5 / f64::from(for_it.count_ones()).max(1.0).sqrt();
                    each_bit(*for_it, |at| scores[at] += weight);
                    each_bit(*against, |at| scores[at] -= 0.7);
                }
            }
        }
        if let Some(at) = prior.and_then(|prior| self.languages.iter().position(|language| language.code == prior)) {
            // The customer's language counts where it shares the script, that is, where some word or letter is of it.
            if scores[at] > 0.0 || sample.len() <= 3 && scores.iter().all(|score| *score <= 0.0) {
                scores[at] += PRIOR;
            }
        }
        let best = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
        let Some(best) = best.filter(|best| scores[*best] > 0.0) else {
            return self.ask_whatlang(&source[first.range().start..last.range().end], sample.len(), None);
        };
        let second = (0..scores.len()).filter(|at| *at != best).map(|at| scores[at]).fold(0.0, f64::max);
        let margin = scores[best] - second;
        // Near relatives share many words, so a long text needs a share, a short one a distance.
        let clear = margin >= 0.9 || margin >= 0.35 * scores[best] && scores[best] >= 0.6;
        if !clear {
            return self.ask_whatlang(&source[first.range().start..last.range().end], sample.len(), Some(best));
        }
        self.named(best, 0.6 + 0.4 * (margin / (margin + 1.0)))
    }

    fn named(&self, language: usize, confidence: f64) -> Detection {
        let is_ours = self.ours[language] && confidence >= LEAST_CONFIDENCE;
        Detection { language: is_ours.then(|| self.languages[language].code.clone()), confidence, is_open: false }
    }

    /// What `whatlang` says about a text that its words leave open. It is slow, and unsure about short texts.
    fn ask_whatlang(&self, text: &str, words: usize, best: Option<usize>) -> Detection {
        let open = Detection { language: None, confidence: 0.3, is_open: true };
        let told = whatlang::detect(text);
        let Some(told) = told else { return open };
        let code = told.lang().code();
        let ours = self.languages.iter().position(|language| language.iso_639_3.as_deref() == Some(code));
        match (ours, best) {
            // Both agree, or the words say nothing and the letters are clear enough.
            (Some(at), Some(best)) if at == best => self.named(at, 0.6 + 0.3 * told.confidence()),
            (Some(at), None) if told.is_reliable() && words >= 4 => self.named(at, 0.5 + 0.3 * told.confidence()),
            // The words know what they were chosen for; whatlang guesses among seventy languages.
            (_, Some(best)) if !told.is_reliable() => self.named(best, 0.5),
            (Some(at), Some(_)) => self.named(at, 0.5 + 0.2 * told.confidence()),
            (None, _) if told.is_reliable() => Detection { language: None, confidence: told.confidence(), is_open: false },
            _ => open,
        }
    }
}

fn each_bit(mut mask: u128, mut apply: impl FnMut(usize)) {
    while mask != 0 {
        apply(mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
}

/// The script that most letters are of.
fn script<'t>(words: impl Iterator<Item = &'t str>) -> Script {
    let mut counts = [0usize; 4];
    for sign in words.flat_map(str::chars).filter(|sign| sign.is_alphabetic()) {
        let script = match sign {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
            '\u{400}'..='\u{52f}' => Script::Cyrillic,
            '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => Script::Arabic,
            _ => Script::Other,
        };
        counts[script as usize] += 1;
    }
    [Script::Latin, Script::Cyrillic, Script::Arabic, Script::Other]
        .into_iter()
        .max_by_key(|script| counts[*script as usize])
        .unwrap_or(Script::Other)
}
