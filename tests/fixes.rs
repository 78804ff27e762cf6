//! Suggestions read right in their place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;

use replylint::{Linter, Options, Thread};

/// Estimates as people write them, with the words beside them that a suggestion must fit in with.
const DRAFTS: [(&str, &[&str]); 6] = [
    (
        "en",
        &[
            "You will receive it in 4 to 8 weeks.",
            "Delivery is within two-three weeks, Sarah.",
            "In 3 to 5 days you get the money.",
            "Delivery lands on Tuesday to Thursday.",
            "The refund takes 2-3 business days to show on the card.",
            "Just give it a little while.",
            "The van comes around noon. Soon.",
            "It won't be long.",
        ],
    ),
    (
        "it",
        &[
            "Lo riceverà in 4-8 settimane.",
            "Il ricambio arriva tra qualche settimana.",
            "La consegna richiede due o tre settimane.",
            "Serve ancora uno o due giorni.",
            "Il pacco arriverà presto.",
        ],
    ),
    (
        "ro",
        &[
            "Coletul ajunge în 4 până la 8 săptămâni.",
            "Vă aducem banii într-o zi sau două.",
            "Se livrează în perioada 3-7 iunie.",
            "Livrarea durează două-trei săptămâni.",
            "Reparația necesită ceva timp.",
        ],
    ),
    (
        "ru",
        &[
            "Вы получите его через 4–8 недель.",
            "Деньги придут в течение 3–10 банковских дней.",
            "Доставка займет две-три недели.",
            "Вскоре функция появится.",
        ],
    ),
    (
        "fa",
        &[
            "سفارش شما ظرف ۴ تا ۸ هفته می‌رسد.",
            "پولتون ۲۴ الی ۴۸ ساعت دیگه میشینه.",
            "تعمیر حدود ۵ روز زمان می‌برد.",
            "بسته به زودی می‌رسد.",
        ],
    ),
    (
        "hu",
        &[
            "A csomag 4-8 héten belül megérkezik.",
            "Az alkatrész pár hét múlva jön.",
            "A javítás több napot vesz igénybe.",
            "A szállítás két-három hét.",
            "Május 10. és 15. között érkezik.",
            "Rövid időn belül visszatérünk a témára.",
        ],
    ),
];

fn fixed(linter: &Linter, language: &str, draft: &str) -> String {
    let mut thread = Thread::new(draft);
    thread.language = Some(language.to_owned());
    let mut text = draft.to_owned();
    let report = linter.check(&thread);
    // From the end, so that places before stay where they are.
    for finding in report.findings.iter().rev().filter(|finding| finding.rule == "ambiguous-estimate") {
        if let Some(fix) = finding.suggestions.first() {
            text.replace_range(fix.span.clone(), &fix.replacement);
        }
    }
    text
}

#[test]
fn fixed_estimates_read_right() {
    let linter = Linter::new(Options::default()).unwrap();
    let mut shown = String::new();
    for (language, drafts) in DRAFTS {
        for draft in drafts {
            writeln!(shown, "{language}  {draft}\n    {}", fixed(&linter, language, draft)).unwrap();
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("fixes", shown));
}
