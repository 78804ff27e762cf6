//! Tests of packs: every example says what must be found, and every phrase has an example.

use std::fmt;
use std::sync::Arc;

use replylint_pack::{Compiled, Error, Example, Role as GroupRole, Scope};
use rustc_hash::FxHashSet;

use crate::analysis::{Analysis, ReadText};
use crate::conversation::{self, Conversation};
use crate::detect::Detector;
use crate::packs::{self, LanguagePack};
use crate::points;
use crate::rules::{self, Context, RawFinding};
use crate::scan::Reading;
use crate::workbench::Workbench;
use crate::{Channel, Excused, Message, Options, PackFile, Role, Target, Thread, report};

/// A rule file needs at least so many bad and so many good examples.
const LEAST_EXAMPLES: usize = 6;

/// Something that a pack promises and does not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The file.
    pub path: String,
    /// The 1-based line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// What a verified language holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PackSummary {
    /// ISO 639-1 code.
    pub language: String,
    /// Rules with a file.
    pub rules: usize,
    /// Phrases of all rules, excuses and evidence included.
    pub phrases: usize,
    /// Examples that must be found.
    pub bad: usize,
    /// Examples that must be left alone.
    pub good: usize,
}

/// Compiles packs and runs their examples.
///
/// Each bad example must give exactly its marks for its own rule; each good example must give nothing for any rule of
/// its language; each phrase that finds faults must be hit by a bad example of its rule.
///
/// # Errors
/// The first fault that keeps a pack from compiling.
pub fn verify_packs(files: &[PackFile]) -> Result<(Vec<PackSummary>, Vec<Problem>), Error> {
    let mut summaries = Vec::new();
    let mut problems = Vec::new();
    let options = Options { packs: files.to_vec(), ..Options::default() };
    let evidence = packs::evidence(&options)?;
    for compiled in packs::compile_all(files)? {
        summaries.push(PackSummary {
            language: compiled.pack.code.clone(),
            rules: compiled.pack.rules.len(),
            phrases: compiled.origins.len(),
            bad: compiled.examples.iter().filter(|example| example.is_bad).count(),
            good: compiled.examples.iter().filter(|example| !example.is_bad).count(),
        });
        let detector = Detector::new(evidence.clone(), &[compiled.pack.code.as_str()]);
        verify(compiled, &detector, &mut problems);
    }
    Ok((summaries, problems))
}

/// The built-in packs' files: what [`verify_packs`] is run on in the project's own tests.
pub fn built_in_files() -> Vec<PackFile> {
    packs::built_in_files()
}

/// What a rule has in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// The rule's id.
    pub rule: String,
    /// ISO 639-1 code.
    pub language: String,
    /// Phrases as they are written: faults, excuses and evidence.
    pub phrases: usize,
    /// Its examples.
    pub examples: Vec<Example>,
}

/// What each rule has in the language with this code, from the built-in packs, sorted by rule. Empty where there is no
/// such pack.
pub fn coverage(language: &str) -> Vec<Coverage> {
    let files: Vec<PackFile> = packs::built_in_files()
        .into_iter()
        .filter(|file| file.path.starts_with(&format!("{language}/")))
        .collect();
    let mut all = Vec::new();
    for compiled in packs::compile_all(&files).unwrap_or_default() {
        for rule in &compiled.pack.rules {
            let path = format!("{language}/{}.toml", rule.id);
            all.push(Coverage {
                rule: rule.id.clone(),
                language: language.to_owned(),
                phrases: compiled.origins.iter().filter(|origin| origin.path == path).count(),
                examples: compiled
                    .examples
                    .iter()
                    .filter(|example| example.rule == rule.id)
                    .cloned()
                    .collect(),
            });
        }
    }
    all.sort_by(|a, b| a.rule.cmp(&b.rule));
    all
}

fn verify(compiled: Compiled, detector: &Detector, problems: &mut Vec<Problem>) {
    let Compiled { pack, origins, examples } = compiled;
    let packs = [Arc::new(LanguagePack::opened(pack))];
    let Some(pack) = packs[0].open() else { return };
    let sent = jiff::Timestamp::from_second(SENT).ok();
    let options = Options { strict: true, now: sent, ..Options::default() };
    let mut hit: FxHashSet<u32> = FxHashSet::default();

    let mut bench = Workbench::default();
    for example in &examples {
        let thread = thread_of(example, sent);
        let reading = Reading::LetterInThread;
        let cut = ReadText::cut(&mut bench, &example.text, &[]);
        let read = cut.read(&packs, &mut bench, &example.text, reading, |text, _, numbers| {
            numbers.resize(text.paragraphs.len(), Some(0));
        });
        let messages = conversation::read(&packs, &mut bench, detector, &thread, None, Some(0));
        let analysis = Analysis::new(read, &packs, &bench.vocabulary);
        let conversation = Conversation::new(messages, &packs, &bench.vocabulary);
        let points = points::points(&thread, &conversation, &analysis);
        let mut raw = Vec::new();
        for (number, card) in packs::catalogue().iter().enumerate() {
            let runs = if example.is_bad {
                card.id == example.rule
            } else {
                card.scope != Scope::Reply && !card.needs_thread || card.id == example.rule
            };
            if let (true, Some(engine)) = (runs, rules::engine(card)) {
                let channel = Some(Channel::Email);
                let context = Context {
                    thread: &thread,
                    analysis: &analysis,
                    options: &options,
                    channel,
                    rule: number,
                    conversation: &conversation,
                    points: &points,
                };
                engine(&context, &mut raw);
            }
        }
        let found = report::settle_overlaps(raw, packs::catalogue());
        if example.is_bad {
            for found in &analysis.faults {
                if found.rule.is_some_and(|rule| pack.rules[usize::from(rule)].id == example.rule) {
                    hit.insert(found.hit.phrase);
                }
            }
        }
        if let Some(mut message) = difference(example, &found) {
            if example.is_bad {
                let excused =
                    rules::excused(&analysis).into_iter().filter(|excused| excused.rule == example.rule);
                message.extend(excused.map(|excused| note(&excused, &example.text)));
            }
            problems.push(Problem { path: example.path.clone(), line: example.line, message });
        }
    }
    let mut reported = FxHashSet::default();
    for phrase in pack.phrases.iter() {
        let finds = matches!(pack.groups[usize::from(phrase.group)].role, GroupRole::Finding { .. });
        if finds && !hit.contains(&phrase.written) && reported.insert(phrase.written) {
            let origin = &origins[phrase.written as usize];
            let message = format!("no bad example of this file hits the phrase \"{}\"", origin.text);
            problems.push(Problem { path: origin.path.clone(), line: origin.line, message });
        }
    }
    for rule in &pack.rules {
        let mut of_rule = examples.iter().filter(|example| example.rule == rule.id).peekable();
        let path = of_rule
            .peek()
            .map_or_else(|| format!("{}/{}.toml", pack.code, rule.id), |example| example.path.clone());
        let (bad, good): (Vec<&Example>, Vec<&Example>) = of_rule.partition(|example| example.is_bad);
        if bad.len() < LEAST_EXAMPLES || good.len() < LEAST_EXAMPLES {
            let message = format!(
                "a rule needs {LEAST_EXAMPLES} bad and {LEAST_EXAMPLES} good examples, this one has {} and {}",
                bad.len(),
                good.len()
            );
            problems.push(Problem { path, line: 1, message });
        }
    }
    problems.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
}

/// When the replies of examples are sent: Friday, 4 December 2026, noon.
const SENT: i64 = 1_796_385_600;

fn thread_of(example: &Example, sent: Option<jiff::Timestamp>) -> Thread {
    let mut thread = Thread::new(example.text.as_str());
    thread.draft.attachments.clone_from(&example.attachments);
    let before = |hours: u32| {
        let age = jiff::SignedDuration::from_hours(i64::from(hours));
        sent.and_then(|sent| sent.checked_sub(age).ok())
    };
    // The agent wrote a day before the customer.
    let agent_hours = example.hours.map(|hours| hours + 24);
    for (role, text, hours) in
        [(Role::Agent, &example.agent, agent_hours), (Role::Customer, &example.customer, example.hours)]
    {
        thread.messages.extend(text.as_deref().map(|text| {
            let mut message = Message::new(role, text);
            message.at = hours.and_then(before);
            message
        }));
    }
    thread
}

/// What differs between what an example asks for and what was found; `None` where they agree.
fn difference(example: &Example, found: &[RawFinding]) -> Option<String> {
    let in_draft = |finding: &&RawFinding| finding.target == Target::Draft;
    let show = |span: &std::ops::Range<usize>, kind: Option<&str>| {
        let words = example.text.get(span.clone()).unwrap_or_default();
        match kind {
            Some(kind) => format!("<{words}> ({kind})"),
            None => format!("<{words}>"),
        }
    };
    if !example.is_bad {
        let finding = found.first()?;
        let (rule, kind) = (&packs::catalogue()[finding.rule].id, finding.kind.as_deref());
        return Some(format!("a good example: {rule} finds {}", show(&finding.span, kind)));
    }
    if !example.customer_marks.is_empty() {
        let found: Vec<_> =
            found.iter().filter(|finding| !in_draft(finding)).map(|finding| &finding.span).collect();
        let same = found.iter().copied().eq(&example.customer_marks);
        let words = |span: &&std::ops::Range<usize>| {
            let customer = example.customer.as_deref().unwrap_or_default();
            format!("<{}>", customer.get((*span).clone()).unwrap_or_default())
        };
        let list =
            |spans: Vec<&std::ops::Range<usize>>| spans.iter().map(words).collect::<Vec<_>>().join(", ");
        return (!same).then(|| {
            let expected = list(example.customer_marks.iter().collect());
            format!("expected {expected} of the customer, found {} in: {}", list(found), example.text)
        });
    }
    let mut expected: Vec<_> = example.marks.clone();
    if expected.is_empty() {
        // A finding about the whole reply has no words to mark.
        expected.push((0..0, example_kind(found)));
    }
    let found: Vec<_> =
        found.iter().filter(in_draft).map(|finding| (finding.span.clone(), finding.kind.clone())).collect();
    let asks_for_kind = expected.iter().any(|(_, kind)| kind.is_some());
    let same = expected.len() == found.len()
        && expected.iter().zip(&found).all(|((span, kind), (found_span, found_kind))| {
            span == found_span && (!asks_for_kind || kind == found_kind)
        });
    if same {
        return None;
    }
    let list = |findings: &[(std::ops::Range<usize>, Option<String>)]| {
        if findings.is_empty() {
            "nothing".to_owned()
        } else {
            findings.iter().map(|(span, kind)| show(span, kind.as_deref())).collect::<Vec<_>>().join(", ")
        }
    };
    Some(format!("expected {}, found {} in: {}", list(&expected), list(&found), example.text))
}

/// What took a fault back, for whoever expected it.
fn note(excused: &Excused, text: &str) -> String {
    let words = |span: &std::ops::Range<usize>| text.get(span.clone()).unwrap_or_default();
    let name = excused.excuse.as_deref().unwrap_or("without a name");
    format!("; <{}> is excused by \"{}\" (excuse {name})", words(&excused.span), words(&excused.by))
}

fn example_kind(found: &[RawFinding]) -> Option<String> {
    found.first().and_then(|finding| finding.kind.clone())
}
