//! The pages of `docs/`, made from the catalogue and the packs.

use std::fmt::Write as _;
use std::ops::Range;

use replylint::{Card, Linter, Tier, catalogue, coverage};

use crate::explain::{SHOWN, severity};

/// The page of a rule: what, why, instead, examples in each language, configuration.
pub(crate) fn rule(card: &Card, linter: &Linter) -> String {
    let mut page = format!("# {}\n\n", card.title);
    let tier = match card.tier {
        Tier::Strict => "strict: runs with `--strict` or where it is named",
        _ => "default",
    };
    let thread = if card.needs_thread { " · needs the customer's message" } else { "" };
    // A String takes everything that is written to it.
    let _ = writeln!(
        page,
        "`{}` · {:?} · severity {} · tier {tier}{thread}\n",
        card.id,
        card.category,
        severity(card)
    );
    for (title, text) in [("What it finds", &card.what), ("Why", &card.why), ("Instead", &card.instead)] {
        let _ = writeln!(page, "## {title}\n\n{text}\n");
    }
    if !card.kinds.is_empty() {
        let _ = writeln!(page, "## Kinds\n\n| kind | meaning |\n|---|---|");
        for (kind, meaning) in &card.kinds {
            let _ = writeln!(page, "| `{kind}` | {meaning} |");
        }
        page.push('\n');
    }
    if !card.yields_to.is_empty() {
        let others: Vec<String> = card.yields_to.iter().map(|id| format!("[{id}]({id}.md)")).collect();
        let _ =
            writeln!(page, "Where the same words are found by {}, that rule reports.\n", others.join(", "));
    }
    let _ = writeln!(page, "## Examples\n");
    for code in linter.languages() {
        let Some(pack) = linter.pack(code) else { continue };
        let Some(found) = coverage(code).into_iter().find(|coverage| coverage.rule == card.id) else {
            continue;
        };
        let _ = writeln!(page, "### {} ({})\n", pack.name, pack.native_name);
        for (title, is_bad) in [("Found", true), ("Left alone", false)] {
            let _ = writeln!(page, "{title}:\n");
            for example in found.examples.iter().filter(|example| example.is_bad == is_bad).take(SHOWN) {
                let ranges = |marks: &[(Range<usize>, Option<String>)]| {
                    marks.iter().map(|(range, _)| range.clone()).collect::<Vec<_>>()
                };
                let text = marked(&example.text, &ranges(&example.marks));
                match &example.customer {
                    Some(customer) => {
                        let customer = marked(customer, &example.customer_marks);
                        let _ = writeln!(page, "- Customer: {customer}<br>Reply: {text}");
                    }
                    None => _ = writeln!(page, "- {text}"),
                }
            }
            page.push('\n');
        }
    }
    let _ = writeln!(
        page,
        "## Configuration\n\n```toml\n[rules]\n{} = \"{}\"   # off, hint, info, warning or error\n```",
        card.id,
        severity(card)
    );
    page
}

/// The table of rules and languages.
pub(crate) fn table(linter: &Linter) -> String {
    let codes: Vec<&str> = linter.languages().collect();
    let mut page = String::from(
        "# Rules and languages\n\nPhrases / examples that must be found / examples that must be left alone. A rule \
         without an entry does not exist in that language.\n\n",
    );
    let _ = writeln!(page, "| rule | tier | {} |", codes.join(" | "));
    let _ = writeln!(page, "|---|---|{}", "---|".repeat(codes.len()));
    let all: Vec<Vec<_>> = codes.iter().map(|code| coverage(code)).collect();
    for card in catalogue() {
        let tier = if card.tier == Tier::Strict { "strict" } else { "default" };
        let cells: Vec<String> = all
            .iter()
            .map(|of_language| match of_language.iter().find(|coverage| coverage.rule == card.id) {
                Some(found) => {
                    let bad = found.examples.iter().filter(|example| example.is_bad).count();
                    format!("{} / {bad} / {}", found.phrases, found.examples.len() - bad)
                }
                None => "–".to_owned(),
            })
            .collect();
        let _ = writeln!(page, "| [{0}](rules/{0}.md) | {tier} | {1} |", card.id, cells.join(" | "));
    }
    let sums: Vec<String> = all
        .iter()
        .map(|of_language| {
            let examples = of_language.iter().flat_map(|coverage| &coverage.examples);
            let (bad, good): (Vec<_>, Vec<_>) = examples.partition(|example| example.is_bad);
            let phrases: usize = of_language.iter().map(|coverage| coverage.phrases).sum();
            format!("{phrases} / {} / {}", bad.len(), good.len())
        })
        .collect();
    let _ = writeln!(page, "| **all** | | {} |", sums.join(" | "));
    page
}

/// The text on one line, its marked words in bold, with everything that Markdown would read as its own made plain.
fn marked(text: &str, marks: &[Range<usize>]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for mark in marks {
        out.push_str(&escaped(&text[at..mark.start]));
        let _ = write!(out, "**{}**", escaped(&text[mark.clone()]));
        at = mark.end;
    }
    out.push_str(&escaped(&text[at..]));
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\n' => out.push_str("<br>"),
            '*' | '_' | '`' | '[' | ']' | '|' | '#' | '\\' => out.extend(['\\', sign]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(sign),
        }
    }
    out
}
