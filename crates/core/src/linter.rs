//! The one entry point: options in, a linter out; a thread in, a report out.

use std::sync::Arc;

use replylint_pack::{Card, Category, DefaultSeverity, Error, EvidenceNeed, Pack, Tier};

use crate::analysis::{Analysis, ReadText};
use crate::conversation::{self, Conversation};
use crate::detect::Detector;
use crate::packs::{self, LanguagePack};
use crate::points;
use crate::pool::Pool;
use crate::report::{self, Setting};
use crate::rules::{self, Context};
use crate::scan::Reading;
use crate::text::Text;
use crate::time;
use crate::workbench::Workbench;
use crate::{Channel, Excused, Finding, Options, Report, Role, RuleSetting, Score, Severity, Thread};

/// Checks replies. Build it once, share it between threads, call [`Linter::check`] as often as you like; a clone is
/// cheap.
///
/// ```
/// use replylint::{Linter, Options, Thread};
///
/// let linter = Linter::new(Options::default())?;
/// let report = linter.check(&Thread::new("Hello Ana, your order will reach you in 4 to 8 weeks."));
/// assert_eq!(report.language.as_deref(), Some("en"));
/// assert_eq!(report.findings[0].rule, "ambiguous-estimate");
/// # Ok::<(), replylint::PackError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Linter {
    options: Arc<Options>,
    packs: Arc<[Arc<LanguagePack>]>,
    detector: Arc<Detector>,
    rules: Arc<[ActiveRule]>,
    asks_for: AsksFor,
    benches: Arc<Pool<Workbench>>,
}

/// What the rules that are switched on ask for; the rest is not looked for.
#[derive(Debug, Clone, Copy)]
struct AsksFor {
    /// Whether the draft is a letter.
    letters: bool,
    /// What was written before.
    thread: bool,
    /// The points of the customer's messages.
    points: bool,
}

#[derive(Debug)]
struct ActiveRule {
    card: &'static Card,
    /// The place of the card in the catalogue.
    number: usize,
    engine: rules::Engine,
    severity: Severity,
}

impl Linter {
    /// A linter with these options.
    ///
    /// # Errors
    /// Where a user pack or a word list does not compile, where a setting names a rule or a language that does not
    /// exist, or where no rule is left to run.
    pub fn new(options: Options) -> Result<Self, Error> {
        let catalogue = packs::catalogue();
        for id in options.rules.keys() {
            if !catalogue.iter().any(|card| card.id == *id) {
                return Err(unknown("rule", id, catalogue.iter().map(|card| card.id.as_str())));
            }
        }
        let packs: Arc<[Arc<LanguagePack>]> = packs::load(&options)?.into_iter().map(Arc::new).collect();
        for code in options.language.iter().chain(&options.default_language) {
            if !packs.iter().any(|pack| pack.code == *code) {
                return Err(unknown("language", code, packs.iter().map(|pack| pack.code.as_str())));
            }
        }
        let rules: Arc<[ActiveRule]> = catalogue
            .iter()
            .enumerate()
            .filter_map(|(number, card)| {
                let severity = match options.rules.get(&card.id) {
                    Some(RuleSetting::Off) => return None,
                    Some(RuleSetting::On(severity)) => *severity,
                    None if card.tier == Tier::Strict && !options.strict => return None,
                    None => severity_of(card.severity),
                };
                Some(ActiveRule { card, number, engine: rules::engine(card)?, severity })
            })
            .collect();
        if rules.is_empty() {
            return Err(Error::new("every rule is switched off, so there is nothing to check")
                .help("switch on at least one rule"));
        }
        let any = |asks: fn(&Card) -> bool| rules.iter().any(|rule| asks(rule.card));
        let asks_for = AsksFor {
            letters: any(|card| card.evidence == EvidenceNeed::InLetters),
            thread: any(|card| card.needs_thread || card.uses_thread),
            points: any(|card| card.id == points::RULE),
        };
        let codes: Vec<&str> = packs.iter().map(|pack| pack.code.as_str()).collect();
        let detector = Arc::new(Detector::new(packs::evidence(&options)?, &codes));
        Ok(Linter { options: Arc::new(options), packs, detector, rules, asks_for, benches: Arc::default() })
    }

    /// Checks one draft. Cannot fail and does not panic, whatever the text.
    pub fn check(&self, thread: &Thread) -> Report {
        self.benches.with(|bench| {
            self.read(bench, thread, |analysis, conversation, certainty| {
                self.judge(thread, analysis, conversation, certainty)
            })
        })
    }

    /// What would be found in a draft if no excuse took it back, for those who write packs: a refusal beside an offer, a
    /// promise beside a time. Of the rules that are made of phrases, those too that are switched off.
    ///
    /// ```
    /// use replylint::{Linter, Options, Thread};
    ///
    /// let linter = Linter::new(Options::default())?;
    /// let draft = "We can't ship it today, but I can send it tomorrow morning.";
    /// let excused = linter.excused(&Thread::new(draft));
    /// assert_eq!((excused[0].rule.as_str(), excused[0].excuse.as_deref()), ("negative-framing", Some("alternative")));
    /// assert_eq!(&draft[excused[0].by.clone()], "I can");
    /// # Ok::<(), replylint::PackError>(())
    /// ```
    pub fn excused(&self, thread: &Thread) -> Vec<Excused> {
        self.benches.with(|bench| self.read(bench, thread, |analysis, _, _| rules::excused(analysis)))
    }

    /// Reads a draft and what was written before, and gives what `judge` says of it.
    fn read<R>(
        &self,
        bench: &mut Workbench,
        thread: &Thread,
        judge: impl FnOnce(&Analysis<'_>, &Conversation<'_>, Certainty) -> R,
    ) -> R {
        bench.tidy();
        let draft = thread.draft.text.as_str();
        let named = self.named(thread);
        let asked = self.last_of_customer(bench, thread);
        let prior = asked
            .as_ref()
            .and_then(|(at, text)| self.detector.pack_of(&thread.messages[*at].text, &text.text, bench));
        let mut certainty = Certainty::default();
        let is_alone = thread.messages.is_empty();
        let is_letter = self.asks_for.letters && rules::is_letter(thread, self.channel(thread));
        let reading = match (is_alone, is_letter) {
            (true, false) => Reading::Draft,
            (true, true) => Reading::Letter,
            (false, false) => Reading::DraftInThread,
            (false, true) => Reading::LetterInThread,
        };
        let packs_of = |text: &Text, bench: &mut Workbench, numbers: &mut Vec<Option<usize>>| {
            if let Some(code) = named {
                numbers.resize(text.paragraphs.len(), self.number_of(code));
                return;
            }
            let fallback = self.options.default_language.as_deref().and_then(|code| self.number_of(code));
            for (detection, paragraph) in
                self.detector.detect(draft, text, bench, prior).iter().zip(&text.paragraphs)
            {
                certainty.add(detection.confidence, paragraph.tokens.len());
                numbers.push(detection.pack.or(fallback.filter(|_| detection.is_open)));
            }
        };
        let not_prose = &thread.draft.not_prose;
        let read = ReadText::cut(bench, draft, not_prose).read(&self.packs, bench, draft, reading, packs_of);
        let messages = if self.asks_for.thread && !is_alone {
            conversation::read(&self.packs, bench, &self.detector, thread, asked, read.main)
        } else {
            Vec::new()
        };
        let Workbench { vocabulary, texts, .. } = bench;
        let analysis = Analysis::new(read, &self.packs, vocabulary);
        let conversation = Conversation::new(messages, &self.packs, vocabulary);
        let said = judge(&analysis, &conversation, certainty);
        texts.forget(analysis.into_read());
        conversation.into_read().for_each(|read| texts.forget(read));
        said
    }

    /// What the rules say of a draft that was read.
    fn judge(
        &self,
        thread: &Thread,
        analysis: &Analysis<'_>,
        conversation: &Conversation<'_>,
        certainty: Certainty,
    ) -> Report {
        let named = self.named(thread);
        let is_alone = thread.messages.is_empty();
        let channel = self.channel(thread);
        let points =
            if self.asks_for.points { points::points(thread, conversation, analysis) } else { Vec::new() };
        let mut raw = Vec::new();
        for rule in self.rules.iter().filter(|rule| !is_alone || !rule.card.needs_thread) {
            let context = Context {
                thread,
                analysis,
                options: &self.options,
                channel,
                rule: rule.number,
                conversation,
                points: &points,
            };
            (rule.engine)(&context, &mut raw);
        }
        let severity = |rule: usize| {
            let active = self.rules.iter().find(|active| active.number == rule);
            active.map_or(Severity::Hint, |active| active.severity)
        };
        let setting = Setting {
            sent: thread.draft.at.or(self.options.now).map(time::day_of),
            register: self.options.register,
        };
        let findings = report::findings(raw, thread, analysis, packs::catalogue(), severity, &setting);
        let score = (analysis.words() > 0)
            .then(|| self.packs.get(analysis.main?))
            .flatten()
            .map(|pack| self.score(&findings, pack, thread));
        Report {
            language: match named {
                Some(code) => Some(code.to_owned()),
                None => analysis.main.map(|number| self.packs[number].code.clone()),
            },
            confidence: if named.is_some() { 1.0 } else { certainty.mean() },
            findings,
            score,
            points,
        }
    }

    /// Renews a report's score after findings were taken out of it.
    ///
    /// ```
    /// use replylint::{Linter, Options, Thread};
    ///
    /// let linter = Linter::new(Options::default())?;
    /// let mut report = linter.check(&Thread::new("Hello Ana, your order will reach you in 4 to 8 weeks."));
    /// report.findings.clear();
    /// linter.rescore(&mut report);
    /// assert_eq!(report.score.map(|score| score.total), Some(100));
    /// # Ok::<(), replylint::PackError>(())
    /// ```
    pub fn rescore(&self, report: &mut Report) {
        if let Some(score) = &report.score {
            let applies = |category: Category| score.categories.get(&category).copied().flatten().is_some();
            let renewed =
                Score::of(&report.findings, applies, |id| self.category_of(id), &self.options.score_weights);
            report.score = Some(renewed);
        }
    }

    /// The language that the caller names.
    fn named<'t>(&'t self, thread: &'t Thread) -> Option<&'t str> {
        thread.language.as_deref().or(self.options.language.as_deref())
    }

    /// The channel, where it is known.
    fn channel(&self, thread: &Thread) -> Option<Channel> {
        thread.channel.or(self.options.channel)
    }

    fn category_of(&self, id: &str) -> Option<Category> {
        self.rule(id).map(|rule| rule.card.category)
    }

    /// A rule that is switched on.
    fn rule(&self, id: &str) -> Option<&ActiveRule> {
        // They are in the order of the catalogue, which is sorted by id.
        let at = self.rules.binary_search_by(|rule| rule.card.id.as_str().cmp(id)).ok()?;
        self.rules.get(at)
    }

    fn score(&self, findings: &[Finding], pack: &LanguagePack, thread: &Thread) -> Score {
        let is_answer = thread.messages.iter().any(|message| message.role == Role::Customer);
        let rules = self.rules.iter().filter(|rule| is_answer || !rule.card.needs_thread);
        let judged = rules
            .filter(|rule| pack.rule_number(rule.number).is_some())
            .fold(0u32, |judged, rule| judged | 1 << rule.card.category as u32);
        let applies = |category| judged >> category as u32 & 1 == 1;
        Score::of(findings, applies, |id| self.category_of(id), &self.options.score_weights)
    }

    /// The customer's name, from the channel or from the end of one of their messages, where it can be told: for those who
    /// begin a reply with it.
    ///
    /// ```
    /// use replylint::{Linter, Message, Options, Role, Thread};
    ///
    /// let linter = Linter::new(Options::default())?;
    /// let mut thread = Thread::new("");
    /// thread.messages.push(Message::new(Role::Customer, "Dove si trova il mio pacco?\nGrazie"));
    /// assert_eq!(linter.customer_name(&thread), None);
    /// thread.messages.push(Message::new(Role::Customer, "Dove si trova il mio pacco?\nAnna Bruni"));
    /// assert_eq!(linter.customer_name(&thread), Some("Anna Bruni"));
    /// # Ok::<(), replylint::PackError>(())
    /// ```
    pub fn customer_name<'t>(&self, thread: &'t Thread) -> Option<&'t str> {
        self.benches.with(|bench| {
            bench.tidy();
            let fallback = self.named(thread).and_then(|code| self.number_of(code));
            let messages = conversation::read(&self.packs, bench, &self.detector, thread, None, fallback);
            let Workbench { vocabulary, texts, .. } = bench;
            let conversation = Conversation::new(messages, &self.packs, vocabulary);
            let name = conversation.customer_name(thread);
            conversation.into_read().for_each(|read| texts.forget(read));
            name
        })
    }

    /// The rules of the catalogue, those that are switched off too, sorted by id.
    pub fn catalogue(&self) -> &'static [Card] {
        packs::catalogue()
    }

    /// Codes of the languages that this linter understands, sorted.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.packs.iter().map(|pack| pack.code.as_str())
    }

    /// The pack of a language, for those who show what it holds.
    pub fn pack(&self, code: &str) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.code == code)?.open()
    }

    fn number_of(&self, code: &str) -> Option<usize> {
        self.packs.iter().position(|pack| pack.code == code)
    }

    /// The customer's last message, cut into words: the reply is probably in its language.
    fn last_of_customer(&self, bench: &mut Workbench, thread: &Thread) -> Option<(usize, ReadText)> {
        let at = thread.messages.iter().rposition(|message| message.role == Role::Customer)?;
        Some((at, ReadText::cut(bench, &thread.messages[at].text, &[])))
    }
}

/// The confidence of a draft: that of its paragraphs by their words.
#[derive(Debug, Default)]
struct Certainty {
    sum: f64,
    words: usize,
}

impl Certainty {
    fn add(&mut self, confidence: f64, words: usize) {
        self.sum += confidence * words as f64;
        self.words += words;
    }

    fn mean(&self) -> f64 {
        if self.words == 0 { 0.0 } else { self.sum / self.words as f64 }
    }
}

fn severity_of(severity: DefaultSeverity) -> Severity {
    match severity {
        DefaultSeverity::Hint => Severity::Hint,
        DefaultSeverity::Info => Severity::Info,
        DefaultSeverity::Error => Severity::Error,
        // The enum may grow; what is not known yet matters as much as most rules do.
        _ => Severity::Warning,
    }
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    Error::new(format!("there is no {what} `{name}`")).near(name, known)
}
