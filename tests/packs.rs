//! The built-in packs keep what their examples promise.

use std::collections::BTreeSet;

use replylint::{Linter, Options, built_in_files, catalogue, verify_packs};

#[test]
fn every_example_of_every_pack_holds() {
    let (summaries, problems) = verify_packs(&built_in_files()).unwrap_or_else(|error| panic!("{error}"));
    for summary in &summaries {
        println!(
            "{}: {} rules, {} phrases, {} bad and {} good examples",
            summary.language, summary.rules, summary.phrases, summary.bad, summary.good
        );
    }
    let listed: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(listed.is_empty(), "{} problems:\n{}", listed.len(), listed.join("\n"));
}

#[test]
fn the_first_rules_exist_in_every_language() {
    let linter = Linter::new(Options::default()).unwrap();
    let languages: Vec<&str> = linter.languages().collect();
    assert_eq!(languages, ["en", "fa", "hu", "it", "ro", "ru"]);
    for code in languages {
        let pack = linter.pack(code).unwrap();
        let rules: BTreeSet<&str> = pack.rules.iter().map(|rule| rule.id.as_str()).collect();
        for rule in ["ambiguous-estimate", "negative-framing", "escalation-phrase", "length"] {
            assert!(rules.contains(rule), "{code} has no {rule}");
        }
    }
}

#[test]
fn every_card_tells_what_why_and_what_instead() {
    for card in catalogue() {
        for (name, text) in [("what", &card.what), ("why", &card.why), ("instead", &card.instead)] {
            assert!(
                text.len() > 20 && text.ends_with(['.', '”', '?']),
                "{}: `{name}` is not a sentence",
                card.id
            );
        }
        for other in &card.yields_to {
            assert!(
                catalogue().iter().any(|card| card.id == *other),
                "{} yields to an unknown rule {other}",
                card.id
            );
        }
    }
}

/// Editors offer these, so nothing of ours may say that they are wrong.
#[test]
fn openings_and_closings_are_good_in_every_language() {
    let mut options = Options::default();
    options.strict = true;
    // What stands between them makes a reply long enough.
    options.rules.insert("length".to_owned(), replylint::RuleSetting::Off);
    let linter = Linter::new(options).unwrap();
    let mut faults = Vec::new();
    for code in linter.languages().map(str::to_owned).collect::<Vec<_>>() {
        let completions = &linter.pack(&code).unwrap().completions;
        let filled = |text: &str| {
            let name = if code == "fa" { "سارا" } else { "Anna" };
            let name_gaps = completions.name.iter().chain(&completions.first_name);
            let named = name_gaps.fold(text.to_owned(), |text, gap| text.replace(&format!("[{gap}]"), name));
            // The names of the other gaps say what they are filled with.
            named.replace(['[', ']'], "")
        };
        for register in [true, false] {
            let fits = |completion: &&replylint::Completion| {
                let formal = completion.register.map(|it| format!("{it:?}") == "Formal");
                formal.is_none_or(|formal| formal == register)
            };
            let openings: Vec<_> = completions.openings.iter().filter(fits).collect();
            let closings: Vec<_> = completions.closings.iter().filter(fits).collect();
            assert!((4..=12).contains(&openings.len()), "{code}: {} openings", openings.len());
            assert!((4..=12).contains(&closings.len()), "{code}: {} closings", closings.len());
            for (opening, closing) in
                openings.iter().flat_map(|opening| closings.iter().map(move |it| (opening, it)))
            {
                let mut thread =
                    replylint::Thread::new(filled(&format!("{}\n\n{}", opening.text, closing.text)));
                thread.language = Some(code.clone());
                for finding in linter.check(&thread).findings {
                    let words = &thread.draft.text[finding.span.clone()];
                    faults.push(format!("{code} {}: “{words}” in “{}”", finding.rule, thread.draft.text));
                }
                // Whatever the gaps are filled with, they are found where they stay.
                let unfilled = replylint::Thread::new(format!("{}\n\n{}", opening.text, closing.text));
                let found = linter.check(&unfilled).findings;
                assert!(found.iter().any(|it| it.rule == "unfilled-placeholder"), "{}", opening.text);
            }
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{} findings:\n{}", faults.len(), faults.join("\n"));
}
