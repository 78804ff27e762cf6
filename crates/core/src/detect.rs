//! The language of a paragraph: by its script, by the frequent words of languages, by letters, and by `whatlang` where
//! all of them leave it open. What is open even then is in the language of the paragraphs around it.

use std::cell::RefCell;
use std::ops::Range;

use replylint_pack::{AtomId, Evidence, LanguageEvidence, Lexicon};
use rustc_hash::FxHashMap;

use crate::text::{Text, Token, TokenKind};
use crate::workbench::Workbench;

/// Languages are bits of a word of this many bits; those beyond are not told apart.
const MOST_LANGUAGES: usize = 128;
/// So many words of a language tell which script it is written in.
const ENOUGH_WORDS: usize = 20;
/// So many words of a paragraph are looked at.
const SAMPLE_WORDS: usize = 32;
/// Below this confidence no language is named: silence beats noise.
const LEAST_CONFIDENCE: f64 = 0.5;
/// What the customer's language is worth, in words.
const CUSTOMER: f64 = 0.7;
/// One word in so many is a frequent one of its language, even between names of products. In replies of our languages
/// it is one in three; by chance, in the languages that nobody has listed, one in thirty.
const WORDS_PER_HIT: usize = 10;
/// In fewer words than this even one frequent word may be missing, and a name may look like one of another language.
const SHORT: usize = 6;
/// What the language of the paragraphs around a short one is worth, in words.
const NEIGHBOURS: f64 = 1.5;
/// With fewer words than this `whatlang` guesses.
const LEAST_WORDS_TO_ASK: usize = 4;
/// How far, in words, a language must be ahead where `whatlang` does not confirm it.
const LEAST_MARGIN: f64 = 0.5;
/// What part of all that speaks for it this must be: near relatives share many words.
const LEAST_SHARE: f64 = 0.25;

/// Tells languages apart.
#[derive(Debug)]
pub(crate) struct Detector {
    languages: Vec<LanguageEvidence>,
    /// The numbers of languages' packs.
    packs: Vec<Option<usize>>,
    /// The number of each pack's language.
    ours: Vec<Option<usize>>,
    /// The scripts of the languages that have packs: of the others nobody asks.
    scripts: Vec<Script>,
    /// From a folded word to the numbers of the languages in which it is frequent.
    words: Lexicon,
    letters: Letters,
}

/// What was found out about a paragraph.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Detection {
    /// The language's pack where it has one and the confidence is enough.
    pub pack: Option<usize>,
    /// From 0 to 1.
    pub confidence: f64,
    /// Whether the paragraph gave no evidence for any language, so that a default may be taken.
    pub is_open: bool,
}

impl Detection {
    const OPEN: Self = Detection { pack: None, confidence: 0.3, is_open: true };

    fn is_not_ours(&self) -> bool {
        self.pack.is_none() && !self.is_open
    }
}

/// Families of scripts which hold more than one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Other,
}

/// What single words say about their language, by their number in the vocabulary.
#[derive(Debug, Default)]
pub(crate) struct Voices {
    list: Vec<Voice>,
    more: Vec<Part>,
    /// What `whatlang` said about texts: it is slow, and signatures and farewells come again.
    told: RefCell<FxHashMap<Box<str>, Option<Told>>>,
}

/// What `whatlang` says about a text.
#[derive(Debug, Clone, Copy)]
struct Told {
    language: whatlang::Lang,
    confidence: f64,
    is_reliable: bool,
}

/// What a word says.
#[derive(Debug)]
struct Voice {
    /// What it says about the first two languages; the rest of them says nothing.
    first: [Part; 2],
    /// A range of [`Voices::more`]: what it says about others.
    more: Range<u32>,
    /// The languages of all of these, as bits.
    languages: u128,
    /// How many of its letters are of each script, 16 bits for each.
    scripts: u64,
}

/// What a word says about one language.
#[derive(Debug, Clone, Copy)]
struct Part {
    language: u8,
    /// Whether it is a frequent word of the language.
    is_hit: bool,
    /// For or against the language, in parts of [`ONE`].
    score: i16,
}

/// What a word is worth that is frequent in one language only.
const ONE: f64 = 2048.0;

impl Part {
    /// What says nothing, about languages that do not exist: each another, so that a processor need not wait for one sum
    /// before it adds to the other.
    const NOTHING: [Part; 2] = [
        Part { language: MOST_LANGUAGES as u8, is_hit: false, score: 0 },
        Part { language: MOST_LANGUAGES as u8 + 1, is_hit: false, score: 0 },
    ];

    /// The score rounded, and no more than has room.
    fn new(language: usize, score: f64, is_hit: bool) -> Self {
        Part { language: language as u8, is_hit, score: (score * ONE).round() as i16 }
    }
}

impl Voices {
    fn of(&self, token: &Token) -> &Voice {
        &self.list[token.word.id as usize]
    }

    /// What `whatlang` says.
    fn ask(&self, text: &str) -> Option<Told> {
        /// More texts than this are forgotten, so that memory does not grow with the texts that are checked.
        const MOST: usize = 1024;
        if let Some(told) = self.told.borrow().get(text) {
            return *told;
        }
        let told = whatlang::detect(text).map(|info| Told {
            language: info.lang(),
            confidence: info.confidence(),
            is_reliable: info.is_reliable(),
        });
        let mut known = self.told.borrow_mut();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(text.into(), told);
        told
    }

    /// Notes what the next word says.
    fn add(&mut self, parts: &[Part], scripts: u64) {
        let mut first = Part::NOTHING;
        let some = parts.len().min(first.len());
        first[..some].copy_from_slice(&parts[..some]);
        let start = self.more.len() as u32;
        self.more.extend_from_slice(&parts[some..]);
        let languages = parts.iter().fold(0, |all, part| all | 1 << part.language);
        self.list.push(Voice { first, more: start..self.more.len() as u32, languages, scripts });
    }

    fn more(&self, voice: &Voice) -> &[Part] {
        &self.more[voice.more.start as usize..voice.more.end as usize]
    }
}

/// The words of a paragraph that are looked at.
struct Sample<'t> {
    source: &'t str,
    list: &'t [Token],
    voices: &'t Voices,
    /// How many there are.
    words: usize,
    script: Script,
}

impl<'t> Sample<'t> {
    /// A sample; what its words say, and no others, is in the tally.
    fn new(source: &'t str, list: &'t [Token], voices: &'t Voices, tally: &mut Tally) -> Self {
        let mut sample = Sample { source, list, voices, words: 0, script: Script::Other };
        tally.clear();
        let mut scripts = 0;
        for token in sample.words() {
            let voice = voices.of(token);
            // A word counts for less than 2^10 letters and a sample has less than 2^6 words.
            scripts += voice.scripts;
            sample.words += 1;
            tally.hear(voices, voice);
        }
        sample.script = most(counts(scripts));
        sample
    }

    /// Hears the words again.
    fn count(&self, tally: &mut Tally) {
        Sample::new(self.source, self.list, self.voices, tally);
    }

    fn words(&self) -> impl Iterator<Item = &'t Token> + use<'t> {
        self.list.iter().filter(|token| token.kind == TokenKind::Word).take(SAMPLE_WORDS)
    }

    fn text(&self) -> &'t str {
        match (self.words().next(), self.words().last()) {
            (Some(first), Some(last)) => &self.source[first.range().start..last.range().end],
            _ => "",
        }
    }

    /// Whether so many words are frequent ones as the language must have.
    fn is_covered(&self, tally: &Tally, language: usize) -> bool {
        let least = match self.words {
            0..SHORT => 0,
            _ => self.words.div_ceil(WORDS_PER_HIT).max(2),
        };
        tally.hits(language) >= least
    }
}

/// The languages that a letter, small or capital, speaks for and against.
#[derive(Debug)]
struct Letters {
    /// By code point, for the scripts that have more than one language; most texts are in them.
    near: Vec<u8>,
    far: FxHashMap<char, u8>,
    masks: Vec<(u128, u128)>,
}

impl Letters {
    /// Code points below this are looked up in a table.
    const NEAR: usize = 0x700;

    fn new(letters: FxHashMap<char, (u128, u128)>) -> Self {
        let mut table = Letters { near: vec![0; Self::NEAR], far: FxHashMap::default(), masks: vec![(0, 0)] };
        for (letter, masks) in letters {
            let known = table.masks.iter().position(|known| *known == masks);
            let number = known.unwrap_or(table.masks.len());
            // There are fewer combinations than letters, and fewer letters than this; more would be left out.
            let Ok(small) = u8::try_from(number) else { continue };
            if known.is_none() {
                table.masks.push(masks);
            }
            for form in letter.to_uppercase().chain([letter]) {
                match table.near.get_mut(form as usize) {
                    Some(place) => *place = small,
                    None => {
                        table.far.insert(form, small);
                    }
                }
            }
        }
        table
    }

    fn get(&self, letter: char) -> Option<(u128, u128)> {
        let number = match self.near.get(letter as usize) {
            Some(number) => *number,
            None => self.far.get(&letter).copied().unwrap_or_default(),
        };
        (number != 0).then(|| self.masks[usize::from(number)])
    }
}

/// What a paragraph's language is expected to be before it is read.
#[derive(Debug, Clone, Copy)]
enum Prior {
    /// The customer writes in it.
    Customer { language: usize },
    /// The rest of the draft is in it.
    Neighbours { language: usize },
}

impl Prior {
    fn language(self) -> usize {
        match self {
            Prior::Customer { language } | Prior::Neighbours { language } => language,
        }
    }
}

/// What the words of a paragraph say, by language.
struct Tally {
    /// The sum of the scores in the lower half, in parts of [`ONE`]; in the upper half, how many frequent words of the
    /// language there are.
    sums: [i64; MOST_LANGUAGES + Part::NOTHING.len()],
    /// The languages of which anything was said, as bits: few of all.
    touched: u128,
}

impl Tally {
    /// Of nothing.
    fn new() -> Self {
        Tally { sums: [0; MOST_LANGUAGES + Part::NOTHING.len()], touched: 0 }
    }

    /// Forgets what it heard.
    fn clear(&mut self) {
        each_bit(self.touched, |at| self.sums[at] = 0);
        self.touched = 0;
    }

    fn hear(&mut self, voices: &Voices, voice: &Voice) {
        self.touched |= voice.languages;
        // Also those that say nothing: to ask takes longer than to add it.
        voice.first.iter().for_each(|part| self.add(*part));
        voices.more(voice).iter().for_each(|part| self.add(*part));
    }

    fn add(&mut self, Part { language, is_hit, score }: Part) {
        self.sums[usize::from(language)] += i64::from(score) + (i64::from(is_hit) << 32);
    }

    fn add_expected(&mut self, language: usize, score: f64) {
        self.add(Part::new(language, score, false));
        self.touched |= 1 << language;
    }

    fn score(&self, language: usize) -> f64 {
        f64::from(self.sums[language] as i32) / ONE
    }

    /// How many frequent words of a language there are.
    fn hits(&self, language: usize) -> usize {
        // Without the score, which may be less than nothing.
        ((self.sums[language] - i64::from(self.sums[language] as i32)) >> 32) as usize
    }

    fn best(&self) -> Option<usize> {
        let (mut best, mut most) = (None, 1);
        each_bit(self.touched, |at| {
            // Of equals the last.
            if self.sums[at] as i32 >= most {
                (best, most) = (Some(at), self.sums[at] as i32);
            }
        });
        best
    }

    /// How far the best language is ahead of the next.
    fn margin(&self, best: usize) -> f64 {
        let mut next = 0;
        each_bit(self.touched & !(1 << best), |at| next = next.max(self.sums[at] as i32));
        self.score(best) - f64::from(next) / ONE
    }
}

impl Detector {
    /// A detector for languages of which those with the codes `ours` have packs, in this order.
    pub fn new(evidence: Evidence, ours: &[&str]) -> Self {
        let Evidence { mut languages, words } = evidence;
        languages.truncate(MOST_LANGUAGES);
        let pack = |language: &LanguageEvidence| ours.iter().position(|code| *code == language.code);
        let packs: Vec<Option<usize>> = languages.iter().map(pack).collect();
        let ours =
            ours.iter().map(|code| languages.iter().position(|language| language.code == *code)).collect();
        let script = |(language, pack): (&LanguageEvidence, &Option<usize>)| match pack {
            Some(_) => most(counts(scripts(&language.words().take(ENOUGH_WORDS).collect::<String>()))),
            None => Script::Other,
        };
        let scripts = languages.iter().zip(&packs).map(script).collect();
        let mut letters: FxHashMap<char, (u128, u128)> = FxHashMap::default();
        for (at, language) in languages.iter().enumerate() {
            for letter in language.letters.chars() {
                letters.entry(letter).or_default().0 |= 1 << at;
            }
            for letter in language.not_letters.chars() {
                letters.entry(letter).or_default().1 |= 1 << at;
            }
        }
        Detector { languages, packs, ours, scripts, words, letters: Letters::new(letters) }
    }

    /// Finds out what the words say that were met since the last time.
    fn learn(&self, bench: &mut Workbench) {
        let Workbench { vocabulary, voices, .. } = bench;
        let mut frequent_in: Vec<AtomId> = Vec::new();
        let mut said: Vec<(usize, f64, bool)> = Vec::new();
        let mut parts: Vec<Part> = Vec::new();
        for id in voices.list.len() as u32..vocabulary.len() as u32 {
            let written = vocabulary.written(id);
            // Numbers and codes say nothing.
            if written.bytes().any(|byte| byte.is_ascii_digit()) {
                voices.add(&[], 0);
                continue;
            }
            said.clear();
            let mut add = |language: usize, score: f64, is_hit: bool| match said
                .iter_mut()
                .find(|(known, ..)| *known == language)
            {
                Some((_, sum, is_any_hit)) => {
                    *sum += score;
                    *is_any_hit |= is_hit;
                }
                None => said.push((language, score, is_hit)),
            };
            frequent_in.clear();
            self.words.look_up(vocabulary.folded(id), &mut frequent_in);
            frequent_in.retain(|language| usize::from(*language) < MOST_LANGUAGES);
            if !frequent_in.is_empty() {
                let weight = 1.0 / (frequent_in.len() as f64).sqrt();
                frequent_in.iter().for_each(|language| add(usize::from(*language), weight, true));
            }
            for letter in written.chars().filter(|sign| !sign.is_ascii()) {
                if let Some((for_it, against)) = self.letters.get(letter) {
                    let weight = 0.5 / f64::from(for_it.count_ones()).max(1.0).sqrt();
                    each_bit(for_it, |language| add(language, weight, false));
                    each_bit(against, |language| add(language, -0.7, false));
                }
            }
            parts.clear();
            parts.extend(said.iter().map(|(language, score, is_hit)| Part::new(*language, *score, *is_hit)));
            voices.add(&parts, scripts(written));
        }
    }

    /// The pack of the language of a text as a whole.
    pub fn pack_of(&self, source: &str, text: &Text, bench: &mut Workbench) -> Option<usize> {
        self.learn(bench);
        let mut tally = Tally::new();
        let sample = Sample::new(source, &text.tokens, &bench.voices, &mut tally);
        self.by_words(&sample, &tally).unwrap_or_else(|| self.ask_whatlang(&sample, &tally)).pack
    }

    /// The languages of a text's paragraphs; `prior` is the pack of the customer's language.
    pub fn detect(
        &self,
        source: &str,
        text: &Text,
        bench: &mut Workbench,
        prior: Option<usize>,
    ) -> Vec<Detection> {
        self.learn(bench);
        let voices = &bench.voices;
        let lists = || text.paragraphs.iter().map(|paragraph| &text.tokens[paragraph.tokens.clone()]);
        let language = |pack: usize| self.ours.get(pack).copied().flatten();
        let customer = prior.and_then(language).map(|language| Prior::Customer { language });
        let mut tally = Tally::new();
        let heard = lists().map(|tokens| {
            let sample = Sample::new(source, tokens, voices, &mut tally);
            self.expect(&sample, &mut tally, customer);
            (self.by_words(&sample, &tally), sample)
        });
        let heard: Vec<(Option<Detection>, Sample<'_>)> = heard.collect();
        let main = main_pack(&heard);
        let number = main.and_then(language);
        let settled = heard.into_iter().map(|(told, sample)| match (told, number) {
            (Some(told), None) => told,
            // "Best, Meg" says nothing, or the wrong thing, but stands under something that does.
            (Some(told), _) if told.pack == main || sample.list.len() >= SHORT => told,
            (_, Some(language)) => self.near(language, &sample, &mut tally),
            (None, None) => {
                sample.count(&mut tally);
                self.expect(&sample, &mut tally, customer);
                self.ask_whatlang(&sample, &tally)
            }
        });
        settled.collect()
    }

    /// The language of a paragraph that is short, or that its words leave open, in a draft that is in `language`.
    fn near(&self, language: usize, sample: &Sample<'_>, tally: &mut Tally) -> Detection {
        sample.count(tally);
        self.expect(sample, tally, Some(Prior::Neighbours { language }));
        if let Some(told) = self.by_words(sample, tally) {
            return told;
        }
        let told = if sample.words < SHORT { Detection::OPEN } else { self.ask_whatlang(sample, tally) };
        // More words than these without a frequent one are of no language that we know.
        let is_small = (1..=WORDS_PER_HIT).contains(&sample.words);
        if told.is_open && is_small && self.scripts[language] == sample.script {
            return self.named(language, LEAST_CONFIDENCE);
        }
        told
    }

    /// The language of a paragraph, if its script and its words leave no doubt.
    fn by_words(&self, sample: &Sample<'_>, tally: &Tally) -> Option<Detection> {
        if sample.words == 0 {
            return Some(Detection { confidence: 0.0, ..Detection::OPEN });
        }
        if sample.script == Script::Other {
            return Some(Detection { pack: None, confidence: 1.0, is_open: false });
        }
        let best = tally.best().filter(|best| sample.is_covered(tally, *best))?;
        let margin = tally.margin(best);
        // Near relatives share many words, so a long text needs a share, a short one a distance.
        (margin >= 0.9 || margin >= 0.35 * tally.score(best) && tally.score(best) >= 0.6)
            .then(|| self.named(best, 0.6 + 0.4 * (margin / (margin + 1.0))))
    }

    /// Adds what is expected before the words are read.
    fn expect(&self, sample: &Sample<'_>, tally: &mut Tally, prior: Option<Prior>) {
        let prior = prior.filter(|prior| self.scripts[prior.language()] == sample.script);
        match prior {
            // Alone it decides about a word or three, such as a name, but not against all evidence.
            Some(Prior::Customer { language })
                if tally.score(language) > 0.0 || sample.words <= 3 && tally.best().is_none() =>
            {
                tally.add_expected(language, CUSTOMER);
            }
            Some(Prior::Neighbours { language }) => tally.add_expected(language, NEIGHBOURS),
            _ => {}
        }
    }

    fn named(&self, language: usize, confidence: f64) -> Detection {
        let pack = self.packs[language].filter(|_| confidence >= LEAST_CONFIDENCE);
        Detection { pack, confidence, is_open: false }
    }

    /// What `whatlang` says about a text that its words leave open. It is slow, and unsure about short texts.
    fn ask_whatlang(&self, sample: &Sample<'_>, tally: &Tally) -> Detection {
        if sample.words < LEAST_WORDS_TO_ASK {
            return Detection::OPEN;
        }
        let Some(told) = sample.voices.ask(sample.text()) else { return Detection::OPEN };
        let code = told.language.code();
        let ours = self.languages.iter().position(|language| language.iso_639_3.as_deref() == Some(code));
        let best = tally.best();
        match (ours, best) {
            // Both agree. Letters alone are not enough: another language may be written with them.
            (Some(at), Some(best))
                if at == best && tally.hits(at) > 0 && (told.is_reliable || sample.is_covered(tally, at)) =>
            {
                self.named(at, 0.6 + 0.3 * told.confidence)
            }
            (Some(at), None) if told.is_reliable && sample.words <= WORDS_PER_HIT => {
                self.named(at, 0.5 + 0.3 * told.confidence)
            }
            // The words know what they were chosen for; whatlang guesses among seventy languages.
            (_, Some(best)) if !told.is_reliable => {
                let least = LEAST_MARGIN.max(LEAST_SHARE * tally.score(best));
                if tally.margin(best) >= least && sample.is_covered(tally, best) {
                    self.named(best, LEAST_CONFIDENCE)
                } else {
                    Detection::OPEN
                }
            }
            (Some(at), Some(_)) if tally.hits(at) > 0 => self.named(at, 0.5 + 0.2 * told.confidence),
            (None, _) if told.is_reliable => {
                Detection { pack: None, confidence: told.confidence, is_open: false }
            }
            _ => Detection::OPEN,
        }
    }
}

/// The pack of the language that most words are in, unless more are in none of ours.
fn main_pack(heard: &[(Option<Detection>, Sample<'_>)]) -> Option<usize> {
    let mut sums: Vec<usize> = Vec::new();
    let mut not_ours = 0;
    for (detection, sample) in heard.iter().filter_map(|(told, sample)| Some((told.as_ref()?, sample))) {
        let size = sample.list.len();
        match detection.pack {
            Some(pack) => {
                sums.resize(sums.len().max(pack + 1), 0);
                sums[pack] += size;
            }
            None if detection.is_not_ours() => not_ours += size,
            None => {}
        }
    }
    let (size, pack) = sums.into_iter().zip(0..).filter(|(size, _)| *size > 0).max()?;
    (size > not_ours).then_some(pack)
}

fn each_bit(mut mask: u128, mut apply: impl FnMut(usize)) {
    while mask != 0 {
        apply(mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
}

/// How many letters of a text are of each script, 16 bits for each, at most 1,000 of them.
fn scripts(text: &str) -> u64 {
    if text.is_ascii() {
        let letters = text.bytes().filter(u8::is_ascii_alphabetic).take(1000).count();
        return (letters as u64) << (16 * Script::Latin as u32);
    }
    let mut counts = 0;
    for sign in text.chars().filter(|sign| sign.is_alphabetic()).take(1000) {
        let script = match sign {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
            '\u{400}'..='\u{52f}' => Script::Cyrillic,
            '\u{600}'..='\u{6ff}'
            | '\u{750}'..='\u{77f}'
            | '\u{fb50}'..='\u{fdff}'
            | '\u{fe70}'..='\u{feff}' => Script::Arabic,
            _ => Script::Other,
        };
        counts += 1 << (16 * script as u32);
    }
    counts
}

/// The counts of letters of each script, from 16 bits for each.
fn counts(scripts: u64) -> [u16; 4] {
    [0, 16, 32, 48].map(|shift| (scripts >> shift) as u16)
}

/// The script that most letters are of.
fn most(counts: [u16; 4]) -> Script {
    [Script::Latin, Script::Cyrillic, Script::Arabic, Script::Other]
        .into_iter()
        .max_by_key(|script| counts[*script as usize])
        .unwrap_or(Script::Other)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Detection, Detector, LEAST_CONFIDENCE};
    use crate::text::Text;
    use crate::workbench::Workbench;
    use crate::{Options, packs};

    /// Codes of our languages.
    const OURS: [&str; 6] = ["en", "fa", "hu", "it", "ro", "ru"];

    /// A detector with the evidence that is built in.
    fn detector() -> Detector {
        Detector::new(packs::evidence(&Options::default()).unwrap(), &OURS)
    }

    /// Replies by language, of the part `ours` or `others`.
    fn replies(part: &str) -> BTreeMap<String, Vec<String>> {
        let text = include_str!("../tests/detection/replies.toml");
        let mut parts: BTreeMap<String, BTreeMap<String, Vec<String>>> = toml::from_str(text).unwrap();
        parts.remove(part).unwrap()
    }

    fn detect(detector: &Detector, source: &str, prior: Option<&str>) -> Vec<Detection> {
        let mut bench = Workbench::default();
        let text = Text::new(source, &mut bench.vocabulary);
        let prior = prior.and_then(|prior| OURS.iter().position(|code| *code == prior));
        detector.detect(source, &text, &mut bench, prior)
    }

    fn codes(detector: &Detector, source: &str, prior: Option<&str>) -> Vec<Option<String>> {
        let packs = detect(detector, source, prior).into_iter().map(|detection| detection.pack);
        packs.map(|pack| pack.map(|pack| OURS[pack].to_owned())).collect()
    }

    /// Below fifteen characters a language may be left open, but not be taken for another; the promise begins there.
    #[test]
    fn our_languages_are_named() {
        let detector = detector();
        let (mut short, mut long, mut wrong) = ((0, 0), (0, 0), Vec::new());
        for (code, replies) in replies("ours") {
            for reply in replies {
                let detection = detect(&detector, &reply, None).remove(0);
                let is_right = detection.pack.is_some_and(|pack| OURS[pack] == code);
                assert!(!is_right || detection.confidence >= LEAST_CONFIDENCE, "{reply}");
                assert!(is_right || detection.pack.is_none(), "{reply}: {detection:?}");
                let (right, all) = match reply.chars().count() {
                    0..15 => continue,
                    15..40 => &mut short,
                    _ => &mut long,
                };
                (*right, *all) = (*right + usize::from(is_right), *all + 1);
                if !is_right {
                    wrong.push(reply);
                }
            }
        }
        assert!(short.1 >= 40 && short.0 * 100 >= short.1 * 95, "{short:?} {wrong:#?}");
        assert!(long.1 >= 18 && long.0 * 100 >= long.1 * 99, "{long:?} {wrong:#?}");
    }

    #[test]
    fn other_languages_are_none_of_ours() {
        let detector = detector();
        let replies = replies("others");
        assert!(replies.len() >= 45);
        let wrong: Vec<_> = replies
            .into_iter()
            .flat_map(|(code, replies)| replies.into_iter().map(move |reply| (code.clone(), reply)))
            .map(|(code, reply)| (codes(&detector, &reply, None).remove(0), code, reply))
            .filter(|(language, ..)| language.is_some())
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn the_customers_language_decides_what_is_open() {
        let detector = detector();
        for name in ["Anna", "Super!", "iPhone 15"] {
            assert_eq!(codes(&detector, name, None), [None], "{name}");
            assert!(detect(&detector, name, None)[0].is_open, "{name}");
            assert_eq!(codes(&detector, name, Some("hu")), [Some("hu".to_owned())], "{name}");
        }
        // It cannot be in a language of another script, and evidence outweighs it.
        assert_eq!(codes(&detector, "Anna", Some("ru")), [None]);
        assert_eq!(codes(&detector, "Thanks, we'll check it today.", Some("hu")), [Some("en".to_owned())]);
        assert_eq!(codes(&detector, "Vielen Dank für Ihre Nachricht.", Some("hu")), [None]);
    }

    #[test]
    fn short_paragraphs_go_with_those_around_them() {
        let detector = detector();
        let named = |code: &str, count| vec![Some(code.to_owned()); count];
        let reply = "Hi Meg,\n\nI have sent the refund to your card today.\n\nRide safe,\nMeg";
        assert_eq!(codes(&detector, reply, None), named("en", 3));
        let reply = "Sárközi Irén!\n\nA visszatérítést ma elindítottuk, péntekig megérkezik.\n\nKovács Béla";
        assert_eq!(codes(&detector, reply, None), named("hu", 3));
        let reply = "Anna\n\nVielen Dank für Ihre Nachricht, wir melden uns morgen bei Ihnen.";
        assert_eq!(codes(&detector, reply, None), [None, None]);
    }

    #[test]
    fn each_paragraph_has_its_own_language() {
        let detector = detector();
        let reply = "Thank you for your message, we will answer within a day.\n\n\
                     Köszönjük az üzenetét, egy napon belül válaszolunk.\n\n\
                     Vielen Dank für Ihre Nachricht, wir antworten Ihnen in einem Tag.";
        assert_eq!(codes(&detector, reply, None), [Some("en".to_owned()), Some("hu".to_owned()), None]);
        let names = "Mi dispiace, il pacco per Bódi Kata in Székesfehérvár arriva domani.";
        assert_eq!(codes(&detector, names, None), [Some("it".to_owned())]);
    }

    #[test]
    fn what_is_no_language_is_left_open() {
        let detector = detector();
        for text in ["Xqzt vbnm wrtp", "12 34", "😊", "https://example.com"] {
            let detection = detect(&detector, text, None).into_iter().next();
            assert_eq!(detection.and_then(|detection| detection.pack), None, "{text}");
        }
        assert!(detect(&detector, "", None).is_empty());
    }

    #[test]
    fn every_letter_of_the_evidence_is_found_small_and_capital() {
        let detector = detector();
        for (at, language) in detector.languages.iter().enumerate() {
            for letter in language.letters.chars().flat_map(|letter| letter.to_uppercase().chain([letter])) {
                let (speaks_for, _) = detector.letters.get(letter).unwrap_or_default();
                assert!(speaks_for >> at & 1 == 1, "{letter} of {}", language.code);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_as_many_answers_as_paragraphs(source in "\\PC{0,80}|[a-zăéы ا\\n]{0,80}") {
            let mut bench = Workbench::default();
            let text = Text::new(&source, &mut bench.vocabulary);
            let detector = Detector::new(packs::evidence(&Options::default()).unwrap(), &["en", "hu"]);
            let detections = detector.detect(&source, &text, &mut bench, Some(0));
            proptest::prop_assert_eq!(detections.len(), text.paragraphs.len());
            for detection in detections {
                proptest::prop_assert!((0.0..=1.0).contains(&detection.confidence));
            }
        }
    }
}
