//! What each file under `tests/inputs` becomes.
//!
//! `INSTA_UPDATE=always cargo test -p replylint-input --test inputs` renews the snapshot.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::Path;

use replylint_input::{Form, Input, InputThread, Place, read, read_record};

/// The words of a text with the bytes of the source that its last word came from.
fn shown(text: &str, place: &Place, source: &[u8]) -> String {
    let word = text.split_whitespace().last().unwrap_or_default();
    let start = text.rfind(word).unwrap_or_default();
    let bytes = place.to_source(source, &(start..start + word.len()));
    let found = String::from_utf8_lossy(&source[bytes.clone()]).chars().take(60).collect::<String>();
    format!("{text:?}\n      last word at {bytes:?}: {found:?}")
}

fn describe(out: &mut String, input: &Result<Input, replylint_input::InputError>, source: &[u8]) {
    match input {
        Ok(Input::Thread(input)) => {
            let InputThread { id, thread, places, ignore, .. } = &**input;
            writeln!(out, "  thread {id:?} {:?} {:?}", thread.channel, thread.language).unwrap();
            for (message, place) in thread.messages.iter().zip(&places.messages) {
                let at = message.at.map(|at| at.to_string());
                let text = shown(&message.text, place, source);
                writeln!(out, "    {:?} {:?} {at:?}\n      {text}", message.role, message.from).unwrap();
            }
            let at = thread.draft.at.map(|at| at.to_string());
            let text = shown(&thread.draft.text, &places.draft, source);
            writeln!(out, "    draft {at:?} {:?} ignore {ignore:?}\n      {text}", thread.draft.attachments)
                .unwrap();
        }
        Ok(other) => writeln!(out, "  {other:?}").unwrap(),
        Err(error) => writeln!(out, "  error: {error}").unwrap(),
    }
}

#[test]
fn files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs");
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 10);
    let mut out = String::new();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let form = match name.split('-').next().unwrap() {
            "zendesk" => Form::Zendesk,
            "intercom" => Form::Intercom,
            "freshdesk" => Form::Freshdesk,
            _ => Form::of_path(&path).unwrap(),
        };
        let source = std::fs::read(&path).unwrap();
        writeln!(out, "{name} ({form:?})").unwrap();
        let inputs = read(form, &source);
        for input in &inputs {
            describe(&mut out, input, &source);
        }
        if name.ends_with(".jsonl") {
            // Line by line, as a stream is read, gives the same.
            let text = String::from_utf8(source).unwrap();
            let lines: Vec<_> = text.lines().flat_map(|line| read_record(form, line)).collect();
            for (line, whole) in lines.iter().zip(&inputs) {
                match (line, whole) {
                    (Ok(Input::Thread(line)), Ok(Input::Thread(whole))) => {
                        assert_eq!(line.thread, whole.thread)
                    }
                    (line, whole) => assert_eq!(line, whole),
                }
            }
            assert_eq!(lines.len(), inputs.len());
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../tests/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("inputs", out));
}

/// A large attachment is read over, and the reply beside it is checked.
#[test]
fn a_large_attachment_is_no_danger() {
    let line = "QUFB".repeat(19) + "\r\n";
    let mut mail = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nYou get it soon.\r\n--b\r\nContent-Type: image/png; name=\"a.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\n".to_vec();
    while mail.len() < 50 * 1024 * 1024 {
        mail.extend_from_slice(line.as_bytes());
    }
    mail.extend_from_slice(b"--b--\r\n");
    let Ok(Input::Thread(input)) = read(Form::Mail, &mail).remove(0) else { panic!("no thread") };
    assert_eq!(input.thread.draft.text, "You get it soon.");
    assert_eq!(input.thread.draft.attachments, Some(vec!["a.png".to_owned()]));
}

mod properties {
    use proptest::prelude::*;
    use replylint_input::{Form, Input, Place, read};

    const FORMS: [Form; 9] = [
        Form::Text,
        Form::Markdown,
        Form::Mail,
        Form::Mbox,
        Form::Json,
        Form::JsonLines,
        Form::Zendesk,
        Form::Intercom,
        Form::Freshdesk,
    ];

    /// Every place lies in the source, and what is later in the text is not earlier in the source.
    fn is_monotone(text: &str, place: &Place, source: &[u8]) -> Result<(), TestCaseError> {
        let map = place.map(source);
        let mut last = 0..0;
        for (at, sign) in text.char_indices() {
            let found = map.to_source(&(at..at + sign.len_utf8()));
            prop_assert!(found.start <= found.end && found.end <= source.len(), "{found:?}");
            prop_assert!(found.start >= last.start && found.end >= last.end, "{last:?} {found:?}");
            last = found;
        }
        Ok(())
    }

    fn holds(source: &[u8]) -> Result<(), TestCaseError> {
        for form in FORMS {
            for input in read(form, source) {
                let Ok(Input::Thread(input)) = input else { continue };
                is_monotone(&input.thread.draft.text, &input.places.draft, source)?;
                prop_assert_eq!(input.thread.messages.len(), input.places.messages.len());
                for (message, place) in input.thread.messages.iter().zip(&input.places.messages) {
                    is_monotone(&message.text, place, source)?;
                }
                let mut end = 0;
                for range in &input.thread.draft.not_prose {
                    prop_assert!(range.start >= end && input.thread.draft.text.get(range.clone()).is_some());
                    end = range.end;
                }
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn any_bytes(source in proptest::collection::vec(any::<u8>(), 0..200)) {
            holds(&source)?;
        }

        /// Files of the tests with parts cut out, doubled and put in.
        #[test]
        fn broken_files(
            file in any::<prop::sample::Index>(),
            cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0usize..40, "[\\PC\n\r>\"<{=]{0,4}"), 0..6),
        ) {
            let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/inputs");
            let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
            paths.sort();
            let mut source = std::fs::read(&paths[file.index(paths.len())]).unwrap();
            for (at, length, new) in cuts {
                let at = at.index(source.len() + 1);
                let end = (at + length).min(source.len());
                source.splice(at..end, new.bytes());
            }
            holds(&source)?;
        }
    }
}
