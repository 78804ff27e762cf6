//! What people see: the line, an underline under the exact words, why, and a better wording.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use replylint::{Finding, PackError, Severity, Target};
use unicode_width::UnicodeWidthStr;

use crate::shown::Shown;

/// Lines longer than this are shown around the words only.
const LONGEST_LINE: usize = 160;

/// A finding as text, with colours; the stream takes them out where there is no terminal.
pub(crate) fn finding(finding: &Finding, shown: &Shown<'_>) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::NOTE.with_name("hint"),
        _ => Level::WARNING,
    };
    let id = match &finding.kind {
        Some(kind) => format!("{}:{kind}", finding.rule),
        None => finding.rule.clone(),
    };
    let helps: Vec<String> = finding.suggestions.iter().map(suggestion).collect();
    let place = shown.place_in_source(finding);
    let readable = shown.readable(finding);
    let in_source = readable.is_some();
    let Some((source, lines, span)) = readable.or_else(|| shown.written(finding)) else {
        return String::new();
    };
    let line = lines.place(span.start).0;
    let mut path = format!("{}:{}:{}", shown.name, place.line, place.column);
    if let Some(label) = &shown.label {
        path.push_str(&format!(" ({label})"));
    }
    if let Target::Message(at) = finding.target {
        path.push_str(&format!(" (message {})", at + 1));
    }
    let origin = Origin::path(&path);
    let title = level.primary_title(&finding.message).id(&id);

    let window = window(source, lines.around(&span), &span);
    let text = &source[window.clone()];
    let mut group = if finding.span.is_empty() {
        // About the reply as a whole: there are no words to show.
        title.element(origin)
    } else if is_right_to_left(text) {
        // A terminal reorders such a line by itself, so carets would stand under other words: the words are quoted
        // instead. The isolates keep the frame around them in place.
        let words = &source[span.clone()];
        title
            .element(origin)
            .element(Level::NOTE.with_name(None::<&str>).message(format!("\u{2068}{}\u{2069}", text.trim())))
            .element(Level::NOTE.with_name(None::<&str>).message(format!("→ «\u{2068}{words}\u{2069}»")))
    } else {
        let span = span.start - window.start..span.end - window.start;
        let first = if in_source { place.line } else { line };
        let snippet = Snippet::source(text).line_start(first).annotation(AnnotationKind::Primary.span(span));
        title.element(origin).element(snippet)
    };
    for help in &helps {
        group = group.element(Level::HELP.message(help));
    }
    without_second_origin(&Renderer::styled().render(&[group]))
}

/// The renderer announces a snippet without a path of its own by a line ":::" below the place that was named already.
fn without_second_origin(rendered: &str) -> String {
    let is_origin =
        |line: &&str| line.contains(":::") && anstream::adapter::strip_str(line).to_string().trim() == ":::";
    rendered.split_inclusive('\n').filter(|line| !is_origin(line)).collect()
}

fn suggestion(suggestion: &replylint::Suggestion) -> String {
    let isolate = |text: &str| {
        if is_right_to_left(text) { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() }
    };
    if suggestion.replacement.is_empty() {
        return format!("{}: ∅", isolate(&suggestion.title));
    }
    if suggestion.title == suggestion.replacement {
        return format!("→ {}", isolate(&suggestion.replacement));
    }
    format!("{}: {}", isolate(&suggestion.title), isolate(&suggestion.replacement))
}

/// The part of the lines that is shown.
fn window(
    source: &str,
    lines: std::ops::Range<usize>,
    span: &std::ops::Range<usize>,
) -> std::ops::Range<usize> {
    // Long in bytes is long in columns; a line of megabytes is not measured for each of its findings.
    if lines.len() <= LONGEST_LINE * 8 && source[lines.clone()].width() <= LONGEST_LINE {
        return lines;
    }
    let boundary = |mut at: usize| {
        while !source.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(span.start.saturating_sub(60).max(lines.start));
    let end = boundary((span.end + 60).min(lines.end)).max(span.end);
    // Whole words look better than halves.
    let start = source[start..span.start]
        .find(' ')
        .filter(|_| start > lines.start)
        .map_or(start, |space| start + space + 1);
    let end =
        source[span.end..end].rfind(' ').filter(|_| end < lines.end).map_or(end, |space| span.end + space);
    start..end
}

fn is_right_to_left(text: &str) -> bool {
    text.chars()
        .any(|sign| matches!(sign, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'))
}

/// An error of a configuration or a pack, pointed at.
pub(crate) fn pack_error(error: &PackError) -> String {
    let mut group = Level::ERROR.primary_title(&error.message).elements(Vec::<Origin<'_>>::new());
    if !error.path.is_empty() && error.source_line.is_empty() {
        let mut origin = Origin::path(&error.path);
        if error.line > 0 {
            origin = origin.line(error.line as usize).char_column(error.column as usize);
        }
        group = group.element(origin);
    }
    if !error.source_line.is_empty() {
        let before: usize =
            error.source_line.chars().take(error.column.saturating_sub(1) as usize).map(char::len_utf8).sum();
        let length = (error.span.end - error.span.start).max(1).min(error.source_line.len() - before);
        let mut end = before + length;
        while !error.source_line.is_char_boundary(end) {
            end += 1;
        }
        group = group.element(
            Snippet::source(&error.source_line)
                .path(&error.path)
                .line_start(error.line as usize)
                .annotation(AnnotationKind::Primary.span(before..end)),
        );
    }
    if let Some(help) = &error.help {
        group = group.element(Level::HELP.message(help));
    }
    Renderer::styled().render(&[group])
}
