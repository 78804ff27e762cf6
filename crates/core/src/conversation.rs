//! The messages that were written before the draft, read like the draft itself.

use std::sync::Arc;

use crate::analysis::{Analysis, Found, ReadText};
use crate::detect::Detector;
use crate::packs::LanguagePack;
use crate::points::Meaning;
use crate::scan::Reading;
use crate::thread::name_at_end;
use crate::vocabulary::Vocabulary;
use crate::workbench::Workbench;
use crate::{Message, Role, Thread};

/// Only so many of the latest messages are read: what was said before them has been answered or forgotten.
const MOST_MESSAGES: usize = 24;

/// From this confidence on the language of a message counts as known.
const CERTAIN: f64 = 0.75;

/// The thread as the rules see it.
#[derive(Debug, Default)]
pub(crate) struct Conversation<'a> {
    /// By message; `None` for those that are too old to be read.
    messages: Vec<Option<Analysis<'a>>>,
}

/// Reads the latest messages of a thread, of which one may be cut into words already; what is in no language that can be
/// told is taken for `fallback`, the draft's language. `None` stands for those that are too old to be read.
pub(crate) fn read(
    packs: &[Arc<LanguagePack>],
    bench: &mut Workbench,
    detector: &Detector,
    thread: &Thread,
    mut cut: Option<(usize, ReadText)>,
    fallback: Option<usize>,
) -> Vec<Option<ReadText>> {
    let first = thread.messages.len().saturating_sub(MOST_MESSAGES);
    let read = |(at, message): (usize, &Message)| {
        if at < first {
            return None;
        }
        let text = match cut.take_if(|(of, _)| *of == at) {
            Some((_, text)) => text,
            None => ReadText::cut(bench, &message.text, &[]),
        };
        let mut is_told = false;
        let mut read = text.read(packs, bench, &message.text, Reading::Message, |text, bench, numbers| {
            let detections = detector.detect(&message.text, text, bench, fallback);
            numbers.extend(detections.into_iter().map(|detection| {
                is_told |= !detection.is_open && detection.confidence >= CERTAIN;
                detection.pack.or(fallback.filter(|_| detection.is_open))
            }));
        });
        read.is_told = is_told;
        Some(read)
    };
    thread.messages.iter().enumerate().map(read).collect()
}

impl<'a> Conversation<'a> {
    /// The messages that were read with these packs and words.
    pub fn new(
        read: Vec<Option<ReadText>>,
        packs: &'a [Arc<LanguagePack>],
        vocabulary: &'a Vocabulary,
    ) -> Self {
        let messages = read.into_iter();
        let analysis = |read: ReadText| Analysis::new(read, packs, vocabulary);
        Conversation { messages: messages.map(|read| read.map(analysis)).collect() }
    }

    /// Gives back the memory of the messages.
    pub fn into_read(self) -> impl Iterator<Item = ReadText> {
        self.messages.into_iter().flatten().map(Analysis::into_read)
    }

    /// A message that was read.
    pub fn message(&self, at: usize) -> Option<&Analysis<'a>> {
        self.messages.get(at)?.as_ref()
    }

    /// The messages of one side that were read, oldest first, with their numbers.
    pub fn of<'c>(
        &'c self,
        thread: &'c Thread,
        role: Role,
    ) -> impl DoubleEndedIterator<Item = (usize, &'c Analysis<'a>)> {
        let of_role = move |at: &usize| thread.messages.get(*at).is_some_and(|message| message.role == role);
        (0..self.messages.len()).filter(of_role).filter_map(|at| Some((at, self.message(at)?)))
    }

    /// The customer's messages since an agent last wrote: those that the draft answers.
    pub fn open<'c>(&'c self, thread: &'c Thread) -> impl Iterator<Item = (usize, &'c Analysis<'a>)> {
        let last_agent = thread.messages.iter().rposition(|message| message.role == Role::Agent);
        self.of(thread, Role::Customer).filter(move |(at, _)| last_agent.is_none_or(|agent| *at > agent))
    }

    /// The customer's name, from the channel or from the end of one of their messages, the last ones first; thanks and requests
    /// that stand there are none.
    pub fn customer_name<'t>(&self, thread: &'t Thread) -> Option<&'t str> {
        let messages = thread.messages.iter().enumerate().rev();
        let signed = |at: usize, text: &'t str| {
            let message = self.message(at)?;
            let name = name_at_end(text)?;
            let start = text.trim_end().len() - name.len();
            let is_said = |found: &Found| {
                matches!(message.meaning(found), Meaning::Cue(_))
                    && message.bytes(&found.hit.tokens).end > start
            };
            (!message.hits.iter().any(is_said)).then_some(name)
        };
        messages.filter(|(_, message)| message.role == Role::Customer).find_map(
            |(at, Message { text, from, .. })| {
                from.as_deref().filter(|name| !name.trim().is_empty()).or_else(|| signed(at, text))
            },
        )
    }
}
