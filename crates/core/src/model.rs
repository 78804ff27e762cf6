//! What goes in (a [`Thread`]) and what comes out (a [`Report`]).

use std::ops::Range;

/// Who wrote a message of the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Role {
    /// The person who asked for help.
    Customer,
    /// Somebody of the team that answers.
    Agent,
}

/// Where the conversation takes place. It decides the limits of length and what form a reply needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Channel {
    /// Letters with a greeting and a closing.
    #[default]
    Email,
    /// Short turns, one after the other.
    Chat,
    /// A public post or direct message on a social network.
    Social,
    /// A public answer to a review.
    Review,
}

/// One earlier message of the conversation.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Message {
    /// Who wrote it.
    pub role: Role,
    /// What was written, as the reader sees it.
    pub text: String,
    /// When it was sent, where known.
    pub at: Option<jiff::Timestamp>,
    /// The writer's name as the channel shows it, where known.
    pub from: Option<String>,
}

impl Message {
    /// A message with neither time nor name.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Message { role, text: text.into(), at: None, from: None }
    }
}

/// The reply that is about to be sent.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Draft {
    /// The text of the reply. All spans of findings in the draft are byte ranges of it.
    pub text: String,
    /// When it is to be sent, where known. Dates in suggestions are counted from here.
    pub at: Option<jiff::Timestamp>,
    /// Names of the attached files; `None` where the input cannot tell.
    pub attachments: Option<Vec<String>>,
    /// Byte ranges of the text that no rule about words reads: code, images, targets of links, as the draft's form
    /// (Markdown, for example) tells. In order; quotes, signatures and addresses need not be named.
    pub not_prose: Vec<Range<usize>>,
}

/// A conversation and the draft that answers it.
///
/// ```
/// use replylint::{Channel, Message, Role, Thread};
///
/// let mut thread = Thread::new("Hello Ana, your parcel arrives on 12 May.");
/// thread.messages.push(Message::new(Role::Customer, "Where is my parcel?"));
/// thread.channel = Some(Channel::Chat);
/// assert_eq!(thread.messages.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Thread {
    /// What was written before, oldest first. May be empty: then rules that need it stay silent.
    pub messages: Vec<Message>,
    /// The reply to check.
    pub draft: Draft,
    /// The channel; `None` takes the configured one.
    pub channel: Option<Channel>,
    /// The language of the draft as an ISO 639-1 code ("hu"); `None` lets it be detected.
    pub language: Option<String>,
}

impl Thread {
    /// A thread that consists of a draft only.
    pub fn new(draft: impl Into<String>) -> Self {
        Thread { draft: Draft { text: draft.into(), ..Draft::default() }, ..Thread::default() }
    }
}

/// How much a finding matters, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Severity {
    /// Worth a thought.
    Hint,
    /// Good to know before sending.
    Info,
    /// Will annoy or fail the customer.
    Warning,
    /// Must not be sent.
    Error,
}

/// The text that a finding's span lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Target {
    /// The draft.
    Draft,
    /// The message of the thread with this index.
    Message(usize),
}

/// Whether a suggestion can be applied without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum Applicability {
    /// Keeps the meaning; may be applied without asking.
    Safe,
    /// Holds placeholders in square brackets which the agent must fill in.
    Template,
}

/// A better wording for a span of the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suggestion {
    /// What the suggestion does, in the language of the reply.
    pub title: String,
    /// The words to put in place of the span; empty removes it.
    pub replacement: String,
    /// The byte range of the draft that is replaced. Lies on character boundaries.
    pub span: Range<usize>,
    /// Whether it can be applied unseen.
    pub applicability: Applicability,
}

/// One fault at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's id, for example `ambiguous-estimate`.
    pub rule: String,
    /// The rule's kind where it has kinds, for example `range`.
    pub kind: Option<String>,
    /// How much it matters, after configuration.
    pub severity: Severity,
    /// The text that the span lies in.
    pub target: Target,
    /// Byte range in the target text, on character boundaries. Empty (`0..0`) for a finding about the whole reply.
    pub span: Range<usize>,
    /// What is wrong and why, in the language of the reply.
    pub message: String,
    /// Better wordings, best first. May be empty.
    pub suggestions: Vec<Suggestion>,
}

/// What a phrase found and an excuse took back: see [`Linter::excused`](crate::Linter::excused).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excused {
    /// The rule's id.
    pub rule: String,
    /// The rule's kind where it has kinds.
    pub kind: Option<String>,
    /// What would be flagged, as bytes of the draft.
    pub span: Range<usize>,
    /// The excuse's name in the pack, where it has one.
    pub excuse: Option<String>,
    /// The words that excuse, as bytes of the draft.
    pub by: Range<usize>,
}

/// What a check found out about one thread.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Report {
    /// The language of most of the draft as an ISO 639-1 code, or `None` when it is none of the packs' languages
    /// or cannot be told.
    pub language: Option<String>,
    /// How sure the detection is, from 0 to 1; 1 where the caller named the language.
    pub confidence: f64,
    /// The findings, those in messages of the thread first, then by place in the draft.
    pub findings: Vec<Finding>,
    /// How good the reply is; `None` where its language is none of the packs', and where it has no words.
    pub score: Option<crate::Score>,
    /// The points of the customer's messages that the draft answers, in order. Empty without messages, and where
    /// `unanswered-point` is switched off.
    pub points: Vec<Point>,
}

/// What the customer does with a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
#[non_exhaustive]
pub enum PointKind {
    /// Asks something, with a question mark or without.
    Question,
    /// Wants something done.
    Request,
    /// Says that something is wrong.
    Complaint,
}

/// The kind of answer that a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Answer {
    /// A date, a time of day, a bound.
    Time,
    /// A number, a price.
    Amount,
    /// A place.
    Place,
    /// A reason.
    Reason,
    /// A way to do something.
    Way,
    /// A person.
    Person,
    /// Yes or no.
    YesNo,
}

/// What a reply does with a point instead of giving the answer outright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
#[non_exhaustive]
pub enum Act {
    /// Says that it cannot or will not be done.
    Refuses,
    /// Takes it on.
    TakesOn,
    /// Asks for something that is needed first.
    AsksBack,
    /// Says that it is done.
    HasDone,
    /// Says that it is not known.
    Unknown,
}

impl Act {
    /// What the reply does, as the verb of a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Act::Refuses => "refuses",
            Act::TakesOn => "takes it on",
            Act::AsksBack => "asks back",
            Act::HasDone => "has done it",
            Act::Unknown => "does not know",
        }
    }
}

/// What in the reply speaks for a point's being answered.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Evidence {
    /// How many content words the point has; 0 where its language is none of ours, too.
    pub content_words: usize,
    /// How near the nearest sentence of the reply is to the point: its words, its concepts and the answer asked for
    /// together, from 0 to a little more than 1.
    pub nearness: f64,
    /// The share of the point's content words that the reply has, from 0 to 1.
    pub words: f64,
    /// The share of the point's concepts that the reply has, from 0 to 1.
    pub concepts: f64,
    /// The share of the words that led to the point, from what the customer said before it, that the reply has, from 0
    /// to 1.
    pub context: f64,
    /// How much a link or an address in the reply is named for something that the customer speaks about, from 0 to 1.
    pub links: f64,
    /// Whether the kind of answer that the point asks for is given where no other point is spoken about; `None` where it
    /// asks for none in particular.
    pub answer_given: Option<bool>,
    /// What the reply does where the point is spoken about.
    pub acts: Vec<Act>,
    /// How many sentences of the reply are about this point more than about any other.
    pub own_sentences: usize,
    /// How many sentences of the reply are about no point in particular.
    pub free_sentences: usize,
    /// How sure it is that the point is answered, from 0 to 1.
    pub score: f64,
}

/// A question, request or complaint of the customer, and whether the draft answers it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Point {
    /// The message of the thread that it stands in.
    pub message_index: usize,
    /// Its bytes in that message, on character boundaries.
    pub span: Range<usize>,
    /// What the customer does.
    pub kind: PointKind,
    /// The kind of answer that a question asks for, where it can be told.
    pub asks: Option<Answer>,
    /// What it is about, by the ids of `rules/concepts.toml`.
    pub concepts: Vec<String>,
    /// Whether the draft gives what it asks for, refuses it, asks back about it or takes it on.
    pub is_answered: bool,
    /// What speaks for it.
    pub evidence: Evidence,
}
