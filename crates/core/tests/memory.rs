//! What a linter remembers between checks never changes what it finds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use proptest::prelude::*;
use replylint::{Linter, Message, Options, Role, Thread};

/// Sentences whose meaning hangs on what stands around them: clauses, questions, excuses, languages.
const SENTENCES: [&str; 18] = [
    "Hello Ana,",
    "you will get it soon.",
    "We can't do that, but we can send you a new one today.",
    "We can't do that.",
    "I'll have to ask my manager",
    "It takes 4 to 8 weeks.",
    "Is that OK?",
    "You should have read the terms!!",
    "Îmi pare rău pentru neplăceri, dar nu putem face asta.",
    "Coletul ajunge în 4-8 săptămâni.",
    "Ci dispiace, non è possibile.",
    "L'ordine arriva presto, vero?",
    "К сожалению, мы не можем вам помочь.",
    "Заказ придёт через 4–8 недель",
    "متأسفانه امکان‌پذیر نیست.",
    "Sajnos nem tudunk segíteni, de holnap visszahívjuk.",
    "Order RO-48211 of 12.05.2026 is $ 49.99.",
    "XXX [NAME] 4111 1111 1111 1111",
];

fn text() -> impl Strategy<Value = String> {
    let part = (0..SENTENCES.len(), prop_oneof![Just(" "), Just("\n"), Just("\n\n")]);
    prop::collection::vec(part, 1..8)
        .prop_map(|parts| parts.into_iter().map(|(at, gap)| format!("{}{gap}", SENTENCES[at])).collect())
}

fn thread((draft, message): (String, Option<String>)) -> Thread {
    let mut thread = Thread::new(&draft);
    thread.messages.extend(message.map(|message| Message::new(Role::Customer, &message)));
    thread
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_linter_that_has_seen_much_finds_what_a_new_one_finds(
        texts in prop::collection::vec((text(), prop::option::of(text())), 1..6)
    ) {
        let used = Linter::new(Options::default()).unwrap();
        for text in texts {
            let thread = thread(text);
            let first = used.check(&thread);
            let new = Linter::new(Options::default()).unwrap().check(&thread);
            prop_assert_eq!(format!("{:?}", first), format!("{:?}", new));
            // A sentence is kept when it comes again, and looked up from then on.
            for _ in 0..2 {
                prop_assert_eq!(format!("{:?}", used.check(&thread)), format!("{:?}", new));
            }
        }
    }
}

#[test]
fn what_is_forgotten_changes_nothing() {
    // More words than a linter keeps, so that it forgets in between.
    let used = Linter::new(Options::default()).unwrap();
    for round in 0..4 {
        let words: String = (0..12_000).map(|at| format!("word{round}x{at} ")).collect();
        used.check(&Thread::new(&words));
        for sentence in SENTENCES {
            let thread = Thread::new(sentence);
            let new = Linter::new(Options::default()).unwrap().check(&thread);
            for _ in 0..3 {
                assert_eq!(format!("{:?}", used.check(&thread)), format!("{new:?}"), "{sentence}");
            }
        }
    }
}
