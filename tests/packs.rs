//! The built-in packs keep what their examples promise.

use std::collections::BTreeSet;

use replylint::{Linter, Options, Register, RuleSetting, Thread, built_in_files, catalogue, verify_packs};

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

/// What the gaps of openings and closings are filled with, where their own name would not read as what it stands for.
const FILLED: [(&str, &[(&str, &str)]); 6] = [
    ("en", &[("name", "Anna Smith"), ("first name", "Anna"), ("date", "12 May"), ("time", "17:00")]),
    ("ro", &[("nume", "Ana Pop"), ("data", "12 mai"), ("ora", "ora 17")]),
    ("ru", &[("имя", "Анна"), ("дата", "12 мая"), ("время", "17:00")]),
    ("it", &[("nome e cognome", "Anna Rossi"), ("nome", "Anna"), ("data", "12 maggio"), ("ora", "17")]),
    ("fa", &[("نام", "سارا"), ("تاریخ", "۱۲ خرداد"), ("ساعت", "۱۷")]),
    ("hu", &[("név", "Kovács Anna"), ("Dátum", "Május 12."), ("idő", "17 óra")]),
];

/// Editors offer these, so nothing of ours may say that they are wrong.
#[test]
fn openings_and_closings_are_good_in_every_language() {
    let filled = |code: &str, text: &str| {
        let gaps = FILLED.iter().find(|(of, _)| *of == code).unwrap().1;
        let named =
            gaps.iter().fold(text.to_owned(), |text, (gap, with)| text.replace(&format!("[{gap}]"), with));
        // The names of the others say what they are filled with.
        named.replace(['[', ']'], "")
    };
    let mut faults = BTreeSet::new();
    for register in [Register::Formal, Register::Informal] {
        let mut options = Options::default();
        options.strict = true;
        options.register = Some(register);
        // What stands between them makes a reply long enough.
        options.rules.insert("length".to_owned(), RuleSetting::Off);
        let linter = Linter::new(options).unwrap();
        for code in linter.languages() {
            let completions = &linter.pack(code).unwrap().completions;
            let openings: Vec<_> = completions.openings.iter().filter(|text| register.suits(text)).collect();
            let closings: Vec<_> = completions.closings.iter().filter(|text| register.suits(text)).collect();
            if code == "en" || register == Register::Formal {
                assert!((6..=10).contains(&openings.len()), "{code}: {} openings", openings.len());
                assert!((6..=10).contains(&closings.len()), "{code}: {} closings", closings.len());
            }
            for (opening, closing) in openings.iter().flat_map(|it| closings.iter().map(move |end| (it, end)))
            {
                let written = format!("{}\n\n{}", opening.text, closing.text);
                let mut thread = Thread::new(filled(code, &written));
                thread.language = Some(code.to_owned());
                for finding in linter.check(&thread).findings {
                    let words = &thread.draft.text[finding.span.clone()];
                    let place = if words.is_empty() { &thread.draft.text } else { words };
                    faults.insert(format!("{code} {register:?} {}: “{place}”", finding.rule));
                }
                thread.draft.text = written;
                let found = linter.check(&thread).findings;
                assert!(found.iter().any(|it| it.rule == "unfilled-placeholder"), "{}", thread.draft.text);
            }
        }
    }
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{} findings:\n{}", faults.len(), faults.join("\n"));
}
