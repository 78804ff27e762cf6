//! What stands around the reply: a summary above it, its findings and quotes as an outline, quotes to fold.

use std::ops::Range;

use replylint::{Target, quoted_parts};
use serde_json::{Value, json};
use tower_lsp::lsp_types::{
    CodeLens, Command, DocumentSymbol, DocumentSymbolResponse, FoldingRange, FoldingRangeKind, SymbolKind,
};

use crate::diagnostics::{code, place};
use crate::documents::Checked;

/// Words that are read in a minute.
const WORDS_A_MINUTE: usize = 200;

/// What is quoted, each with the line that says who wrote it. Found when somebody asks first.
fn quotes(checked: &Checked) -> &[Range<usize>] {
    let whole = |part: replylint::QuotedPart| {
        part.attribution.map_or(part.range.start, |it| it.start)..part.range.end
    };
    checked.quotes.get_or_init(|| quoted_parts(checked.text.as_str()).into_iter().map(whole).collect())
}

/// Words of the reply, without what is quoted.
fn words(checked: &Checked) -> usize {
    let text = checked.text.as_str();
    let count =
        |text: &str| text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let mut at = 0;
    let mut words = 0;
    for quote in quotes(checked) {
        words += count(&text[at..quote.start]);
        at = quote.end;
    }
    words + count(&text[at..])
}

fn seconds(words: usize) -> usize {
    (words * 60).div_ceil(WORDS_A_MINUTE)
}

fn answered(checked: &Checked) -> usize {
    checked.points.iter().filter(|point| point.is_answered).count()
}

/// The line above the reply.
pub(crate) fn lenses(checked: &Checked) -> Vec<CodeLens> {
    let words = words(checked);
    if words == 0 {
        return Vec::new();
    }
    let findings = match checked.findings.len() {
        0 => "no findings".to_owned(),
        1 => "1 finding".to_owned(),
        count => format!("{count} findings"),
    };
    let time = match seconds(words) {
        seconds if seconds < 60 => format!("{seconds} s"),
        seconds => format!("{} min", (seconds + 30) / 60),
    };
    let points = match checked.points.len() {
        0 => String::new(),
        count => format!(" · {} of {count} points answered", answered(checked)),
    };
    let words = if words == 1 { "1 word".to_owned() } else { format!("{words} words") };
    let score = checked.score.map(|score| format!(" · score {score}")).unwrap_or_default();
    let title = format!("{findings}{score}{points} · {words} · {time} to read");
    let command = Command { title, command: String::new(), arguments: None };
    vec![CodeLens { range: checked.text.range(&(0..0)), command: Some(command), data: None }]
}

/// The same for status bars.
pub(crate) fn status(checked: &Checked, uri: &str) -> Value {
    let words = words(checked);
    json!({
        "uri": uri,
        "version": checked.version,
        "language": checked.language,
        "findings": checked.findings.len(),
        "points": checked.points.len(),
        "answered": answered(checked),
        "score": checked.score,
        "words": words,
        "readingSeconds": seconds(words),
    })
}

/// The customer's points with their state, the findings and the quotes, in the order of the text.
#[expect(deprecated, reason = "the type has a field that is given up and must be named")]
pub(crate) fn symbols(checked: &Checked) -> DocumentSymbolResponse {
    let text = &checked.text;
    let symbol = |name: String, detail: Option<String>, kind, span: &Range<usize>| DocumentSymbol {
        name,
        detail,
        kind,
        tags: None,
        deprecated: None,
        range: text.range(span),
        selection_range: text.range(span),
        children: None,
    };
    let mut symbols: Vec<(usize, DocumentSymbol)> = quotes(checked)
        .iter()
        .map(|quote| {
            let end = text.as_str()[quote.clone()].trim_end().len();
            let shown = quote.start..quote.start + end;
            (quote.start, symbol("Quoted message".to_owned(), None, SymbolKind::STRING, &shown))
        })
        .collect();
    symbols.extend(checked.points.iter().map(|point| {
        let target = Target::Message(point.message_index);
        let span = checked.source.place(target, &point.span).unwrap_or(0..0);
        let words =
            checked.source.words(target, &point.span).split_whitespace().collect::<Vec<_>>().join(" ");
        let state = if point.is_answered { "answered" } else { "open" };
        (span.start, symbol(words, Some(state.to_owned()), SymbolKind::KEY, &span))
    }));
    symbols.extend(checked.findings.iter().map(|finding| {
        let span = place(finding, &checked.source);
        let detail = Some(finding.message.clone());
        (span.start, symbol(code(finding), detail, SymbolKind::EVENT, &span))
    }));
    symbols.sort_by_key(|(at, _)| *at);
    DocumentSymbolResponse::Nested(symbols.into_iter().map(|(_, symbol)| symbol).collect())
}

/// Quotes of more than one line.
pub(crate) fn folds(checked: &Checked) -> Vec<FoldingRange> {
    let text = &checked.text;
    quotes(checked)
        .iter()
        .filter_map(|quote| {
            let end = quote.start + text.as_str()[quote.clone()].trim_end().len();
            let (start, end) = (text.position(quote.start), text.position(end));
            (end.line > start.line).then(|| FoldingRange {
                start_line: start.line,
                end_line: end.line,
                kind: Some(FoldingRangeKind::Comment),
                ..FoldingRange::default()
            })
        })
        .collect()
}
