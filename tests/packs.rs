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
