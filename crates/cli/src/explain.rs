//! `replylint rules` and `replylint explain`.

use std::io::Write;

use replylint::{Card, DefaultSeverity, Linter, Options, PackError, Tier, catalogue, coverage};

use crate::args::{ExplainArgs, ListForm, RulesArgs};
use crate::check::check_rule_name;
use crate::{Failure, Outcome, pages};

/// So many examples of each sort are shown.
pub(crate) const SHOWN: usize = 4;

pub(crate) fn rules(arguments: &RulesArgs) -> Result<Outcome, Failure> {
    let mut out = anstream::stdout().lock();
    if arguments.format == ListForm::Json {
        serde_json::to_writer_pretty(&mut out, catalogue()).map_err(std::io::Error::from)?;
        writeln!(out)?;
        return Ok(Outcome::Clean);
    }
    if arguments.markdown {
        write!(out, "{}", pages::table(&Linter::new(Options::default())?))?;
        return Ok(Outcome::Clean);
    }
    let linter = Linter::new(Options::default())?;
    let width = catalogue().iter().map(|card| card.id.len()).max().unwrap_or(0);
    for card in catalogue() {
        let tier = if card.tier == Tier::Strict { "strict" } else { "" };
        let languages: Vec<&str> = linter
            .languages()
            .filter(|code| {
                linter.pack(code).is_some_and(|pack| pack.rules.iter().any(|rule| rule.id == card.id))
            })
            .collect();
        writeln!(out, "{:width$}  {:7}  {:6}  {}", card.id, severity(card), tier, languages.join(" "))?;
    }
    writeln!(out, "\n`replylint explain RULE` says what a rule means and what to write instead.")?;
    Ok(Outcome::Clean)
}

pub(crate) fn explain(arguments: &ExplainArgs) -> Result<Outcome, Failure> {
    check_rule_name(&arguments.rule)?;
    let linter = Linter::new(Options::default())?;
    let known: Vec<&str> = linter.languages().collect();
    if !known.contains(&arguments.language.as_str()) {
        return Err(PackError::new(format!("there is no language `{}`", arguments.language))
            .help(format!("there are {}", known.join(", ")))
            .near(&arguments.language, known)
            .into());
    }
    let Some(card) = catalogue().iter().find(|card| card.id == arguments.rule) else {
        return Ok(Outcome::Clean);
    };
    let mut out = anstream::stdout().lock();
    if arguments.markdown {
        write!(out, "{}", pages::rule(card, &linter))?;
        return Ok(Outcome::Clean);
    }
    let heading = anstyle::Style::new().bold();
    writeln!(out, "{heading}{}{heading:#} ({}, {})", card.title, card.id, severity(card))?;
    for (title, text) in [("What", &card.what), ("Why", &card.why), ("Instead", &card.instead)] {
        writeln!(out, "\n{heading}{title}{heading:#}\n{text}")?;
    }
    if !card.kinds.is_empty() {
        writeln!(out, "\n{heading}Kinds{heading:#}")?;
        for (kind, meaning) in &card.kinds {
            writeln!(out, "  {kind}: {meaning}")?;
        }
    }
    let examples: Vec<_> = coverage(&arguments.language)
        .into_iter()
        .filter(|coverage| coverage.rule == card.id)
        .flat_map(|coverage| coverage.examples)
        .collect();
    if examples.is_empty() {
        writeln!(out, "\nThis rule does not exist in `{}` yet.", arguments.language)?;
        return Ok(Outcome::Clean);
    }
    for (title, is_bad) in [("Found", true), ("Left alone", false)] {
        writeln!(out, "\n{heading}{title}{heading:#}")?;
        for example in examples.iter().filter(|example| example.is_bad == is_bad).take(SHOWN) {
            writeln!(out, "  {}", marked(&example.text, example.marks.iter().map(|(range, _)| range)))?;
        }
    }
    writeln!(
        out,
        "\n{heading}Configuration{heading:#}\n  [rules]\n  {} = \"off\"   # off, hint, info, warning or error",
        card.id
    )?;
    Ok(Outcome::Clean)
}

/// The text with its marked words in colour, and in angle brackets for those who see no colours.
fn marked<'r>(text: &str, marks: impl Iterator<Item = &'r std::ops::Range<usize>>) -> String {
    let style = anstyle::AnsiColor::Yellow.on_default();
    let mut out = String::new();
    let mut at = 0;
    for mark in marks {
        out.push_str(&text[at..mark.start]);
        out.push_str(&format!("‹{style}{}{style:#}›", &text[mark.clone()]));
        at = mark.end;
    }
    out.push_str(&text[at..]);
    out.replace('\n', "\n  ")
}

pub(crate) fn severity(card: &Card) -> &'static str {
    match card.severity {
        DefaultSeverity::Error => "error",
        DefaultSeverity::Info => "info",
        DefaultSeverity::Hint => "hint",
        _ => "warning",
    }
}
