//! Examples: what each rule must find and what it must leave alone.

use std::ops::Range;

use crate::Error;
use crate::source::{ExampleTable, KindOrKinds, OneOrMany};

/// One example of a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The rule's id.
    pub rule: String,
    /// The file.
    pub path: String,
    /// The 1-based line.
    pub line: usize,
    /// The reply, without mark signs.
    pub text: String,
    /// What the customer wrote before, if the example says so, without mark signs.
    pub customer: Option<String>,
    /// What an agent wrote before that.
    pub agent: Option<String>,
    /// How many hours after the customer's message the reply is sent. The agent's message is a day older.
    pub hours: Option<u32>,
    /// Names of attached files; `None` where the example does not say.
    pub attachments: Option<Vec<String>>,
    /// What the rule must find in the customer's message: byte ranges of `customer`.
    pub customer_marks: Vec<Range<usize>>,
    /// Whether the rule must find something.
    pub is_bad: bool,
    /// What it must find: byte ranges of `text` with the kind.
    pub marks: Vec<(Range<usize>, Option<String>)>,
    /// Why the example is as it is.
    pub why: Option<String>,
}

impl Example {
    pub(crate) fn read(
        path: &str,
        source: &str,
        rule: &str,
        table: &ExampleTable,
        is_bad: bool,
        known_kinds: &[&str],
    ) -> Result<Vec<Self>, Error> {
        let kinds: Vec<String> = match table.kind.as_ref().map(toml::Spanned::as_ref) {
            None => Vec::new(),
            Some(KindOrKinds::One(kind)) => vec![kind.clone()],
            Some(KindOrKinds::Many(kinds)) => kinds.clone(),
        };
        if let (Some(unknown), Some(at)) =
            (kinds.iter().find(|kind| !known_kinds.contains(&kind.as_str())), &table.kind)
        {
            return Err(Error::at(path, source, at.span(), format!("unknown kind of {rule} `{unknown}`")));
        }
        let texts = match table.text.as_ref() {
            OneOrMany::One(text) => vec![toml::Spanned::new(table.text.span(), text.clone())],
            OneOrMany::Many(texts) => texts.clone(),
        };
        texts
            .iter()
            .map(|written| {
                let error = |message: &str| Error::at(path, source, written.span(), message);
                let (text, ranges) = marks(written.as_ref()).map_err(error)?;
                if !is_bad && !ranges.is_empty() {
                    return Err(error("a good example has no marks"));
                }
                let (customer, customer_marks) = match &table.customer {
                    Some(customer) => {
                        let error = |message: &str| Error::at(path, source, customer.span(), message);
                        let (customer, ranges) = marks(customer.as_ref()).map_err(error)?;
                        (Some(customer), ranges)
                    }
                    None => (None, Vec::new()),
                };
                let kind = |at: usize| kinds.get(at).or(kinds.last()).cloned();
                Ok(Example {
                    rule: rule.to_owned(),
                    path: path.to_owned(),
                    line: source[..written.span().start.min(source.len())].matches('\n').count() + 1,
                    text,
                    customer,
                    agent: table.agent.clone(),
                    hours: table.hours,
                    attachments: table.attachments.clone(),
                    customer_marks,
                    is_bad,
                    marks: ranges.into_iter().enumerate().map(|(at, range)| (range, kind(at))).collect(),
                    why: table.why.clone(),
                })
            })
            .collect()
    }
}

/// Takes the mark signs out of an example's text; `\<` and `\>` are plain signs.
fn marks(written: &str) -> Result<(String, Vec<Range<usize>>), &'static str> {
    let mut text = String::with_capacity(written.len());
    let mut ranges = Vec::new();
    let mut open = None;
    let mut signs = written.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' if matches!(signs.peek(), Some('<' | '>')) => text.extend(signs.next()),
            '<' if open.is_none() => open = Some(text.len()),
            '<' => return Err("a mark `<` stands inside a mark"),
            '>' => match open.take() {
                Some(start) => ranges.push(start..text.len()),
                None => return Err("`>` closes no mark; write `\\\\>` for the plain sign"),
            },
            _ => text.push(sign),
        }
    }
    if open.is_some() {
        return Err("a mark `<` is never closed by `>`");
    }
    Ok((text, ranges))
}
