//! Evidence that is not looked for in every draft is there where a rule asks for it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use replylint::{Channel, Linter, Message, Options, Report, Role, Thread};

fn kinds(report: &Report, rule: &str) -> Vec<Option<String>> {
    report
        .findings
        .iter()
        .filter(|finding| finding.rule == rule)
        .map(|finding| finding.kind.clone())
        .collect()
}

#[test]
fn a_closing_is_looked_for_in_letters() {
    let mut options = Options::default();
    options.strict = true;
    let linter = Linter::new(options).unwrap();
    let is_missed = |text: &str, channel: Option<Channel>, messages: &[Role]| {
        let mut thread = Thread::new(text);
        thread.channel = channel;
        thread.messages.extend(messages.iter().map(|role| Message::new(*role, "Where is my key, please?")));
        !kinds(&linter.check(&thread), "missing-closing").is_empty()
    };
    let closed = "Hello Ana,\n\nthe key is at the desk. Does that answer your question?\n\nTom";
    let open = "Hello Ana,\n\nthe key is at the desk.\n\nTom";
    for messages in [&[][..], &[Role::Customer]] {
        assert!(!is_missed(closed, Some(Channel::Email), messages));
        assert!(is_missed(open, Some(Channel::Email), messages));
        assert!(!is_missed(open, Some(Channel::Chat), messages));
        assert!(!is_missed(open, None, messages));
    }
    assert!(!is_missed(open, Some(Channel::Email), &[Role::Agent, Role::Customer]));
}

#[test]
fn a_way_out_is_looked_for_beside_refusals_however_far_away() {
    let linter = Linter::new(Options::default()).unwrap();
    let filler = "The shop is in the old town, beside the bridge. It has two floors and a garden. ";
    for code in ["framing", "dead-end"] {
        let way_out = if code == "framing" { "I can send you the blue one today." } else { "" };
        for text in [
            format!("Hello Ana, we cannot deliver before 3 June. {filler}{filler}{way_out}"),
            format!("Hello Ana, {way_out} {filler}{filler}We cannot deliver before 3 June."),
            format!("Hello Ana, we cannot deliver before 3 June.\n\n{filler}\n\n{filler}\n\n{way_out}"),
        ] {
            let found = kinds(&linter.check(&Thread::new(&text)), "negative-framing");
            assert_eq!(found, [Some(code.to_owned())], "{text}");
        }
    }
}
