//! Random conversations: no panic, no hang, no wrong text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Client, places};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

const URIS: [&str; 3] = ["untitled:a", "file:///nowhere/b.md", "file:///nowhere/%D8%B3%20c.txt"];

const PIECES: [&str; 20] = [
    "ready in 4 to 8 weeks. ",
    "Hello ",
    "👍",
    "👩‍💻",
    "سلام ",
    "می\u{200c}شود ",
    "۴ تا ۸ هفته دیگر ",
    "e\u{301}",
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "> quoted\n",
    "I'll have to ask my manager. ",
    "[date]",
    "`",
    "\t",
    "\u{feff}",
    "\u{0}",
    "a",
];

#[derive(Debug, Clone)]
enum Step {
    Open(usize, String),
    Close(usize),
    /// A replacement between two places of the text, given as parts of a thousand.
    Edit(usize, u16, u16, String),
    Full(usize, String),
    /// An edit at a position that may lie anywhere.
    Wild(usize, [u32; 4], String),
    Ask(&'static str, usize, [u32; 4]),
    Command(&'static str, Value),
    Nonsense(Value),
    Body(String),
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..12).prop_map(|pieces| pieces.concat())
}

fn step() -> impl Strategy<Value = Step> {
    let document = 0..URIS.len();
    let number = prop_oneof![0u32..12, Just(u32::MAX), 0u32..200];
    let numbers = prop::array::uniform4(number);
    let methods = prop::sample::select(vec![
        "textDocument/hover",
        "textDocument/codeAction",
        "textDocument/codeLens",
        "textDocument/completion",
        "textDocument/documentSymbol",
        "textDocument/foldingRange",
        "textDocument/diagnostic",
        "textDocument/rename",
    ]);
    let commands = prop_oneof![
        document.clone().prop_map(|at| Step::Command(
            "replylint.setThread",
            json!({"uri": URIS[at], "customer": "When? Order 4711"})
        )),
        document.clone().prop_map(|at| Step::Command(
            "replylint.setLanguage",
            json!({"uri": URIS[at], "language": "en"})
        )),
        Just(Step::Command("replylint.setChannel", json!({"channel": 7}))),
        Just(Step::Command("replylint.nothing", Value::Null)),
        Just(Step::Command("replylint.setThread", json!([[[]]]))),
    ];
    let nonsense = prop_oneof![
        Just(json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": 5}})),
        Just(json!({"jsonrpc": "2.0", "method": "textDocument/didOpen"})),
        Just(json!({"jsonrpc": "2.0", "method": "textDocument/didClose", "params": null})),
        Just(
            json!({"jsonrpc": "2.0", "id": 1_000_000, "method": "initialize", "params": {"capabilities": {"textDocument": {"diagnostic": {}}}}})
        ),
        Just(json!({"jsonrpc": "2.0", "id": "x", "method": "textDocument/hover", "params": []})),
        Just(json!({"jsonrpc": "2.0", "method": "$/unknown", "params": {}})),
        Just(json!({"jsonrpc": "2.0", "method": "initialized", "params": {}})),
        Just(json!({"jsonrpc": "2.0", "id": 7_777_777, "result": null})),
        Just(json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 3}})),
        Just(
            json!({"jsonrpc": "2.0", "method": "workspace/didChangeConfiguration", "params": {"settings": {"replylint": {"x": 1}}}})
        ),
        Just(json!([1, 2, 3])),
        Just(json!({"jsonrpc": "1.0"})),
    ];
    prop_oneof![
        3 => (document.clone(), text()).prop_map(|(at, text)| Step::Open(at, text)),
        1 => document.clone().prop_map(Step::Close),
        8 => (document.clone(), 0u16..=1000, 0u16..=1000, text()).prop_map(|(at, a, b, text)| Step::Edit(at, a, b, text)),
        1 => (document.clone(), text()).prop_map(|(at, text)| Step::Full(at, text)),
        2 => (document.clone(), numbers.clone(), text()).prop_map(|(at, numbers, text)| Step::Wild(at, numbers, text)),
        4 => (methods, document, numbers).prop_map(|(method, at, numbers)| Step::Ask(method, at, numbers)),
        2 => commands,
        2 => nonsense.prop_map(Step::Nonsense),
        1 => prop_oneof![Just("{".to_owned()), Just(String::new()), Just("\u{0}ü".to_owned()), Just("[".repeat(5000))].prop_map(Step::Body),
    ]
}

/// The text as the client has it, with positions counted the plain way.
fn offset(text: &str, line: u32, column: u32) -> usize {
    let mut at = 0;
    for _ in 0..line {
        match text[at..].find(['\n', '\r']) {
            None => return text.len(),
            Some(end) if text[at + end..].starts_with("\r\n") => at += end + 2,
            Some(end) => at += end + 1,
        }
    }
    let end = text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end);
    let mut units = 0;
    for (offset, sign) in text[at..end].char_indices() {
        units += sign.len_utf16();
        if units > column as usize {
            return at + offset;
        }
    }
    end
}

fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let line = before.replace("\r\n", "\n").replace('\r', "\n").matches('\n').count();
    json!({"line": line, "character": text[start..offset].encode_utf16().count()})
}

fn boundary(text: &str, thousandth: u16) -> usize {
    let mut at = text.len() * usize::from(thousandth) / 1000;
    // Nobody's cursor stands inside a line break.
    while !text.is_char_boundary(at) || text[..at].ends_with('\r') && text[at..].starts_with('\n') {
        at -= 1;
    }
    at
}

async fn play(steps: Vec<Step>) {
    let mut client = Client::ready(json!({})).await;
    let mut texts: [Option<String>; 3] = Default::default();
    let mut version = 0;
    for step in steps {
        version += 1;
        match step {
            Step::Open(at, text) => {
                client.open(URIS[at], version, &text).await;
                texts[at] = Some(text);
            }
            Step::Close(at) => {
                client.tell("textDocument/didClose", json!({"textDocument": {"uri": URIS[at]}})).await;
                texts[at] = None;
            }
            Step::Full(at, new) => {
                client.change(URIS[at], version, json!([{"text": new}])).await;
                texts[at] = texts[at].is_some().then_some(new);
            }
            Step::Edit(at, a, b, new) => {
                let text = texts[at].clone().unwrap_or_default();
                let (start, end) = (boundary(&text, a.min(b)), boundary(&text, a.max(b)));
                let range = json!({"start": position(&text, start), "end": position(&text, end)});
                client.change(URIS[at], version, json!([{"range": range, "text": new}])).await;
                if let Some(text) = &mut texts[at] {
                    text.replace_range(start..end, &new);
                }
            }
            Step::Wild(at, [a, b, c, d], new) => {
                let range = json!({"start": {"line": a, "character": b}, "end": {"line": c, "character": d}});
                client.change(URIS[at], version, json!([{"range": range, "text": new}])).await;
                if let Some(text) = &mut texts[at] {
                    let (start, end) = (offset(text, a, b), offset(text, c, d));
                    text.replace_range(start.min(end)..start.max(end), &new);
                }
            }
            Step::Ask(method, at, [a, b, c, d]) => {
                let range = json!({"start": {"line": a, "character": b}, "end": {"line": c, "character": d}});
                let params = json!({"textDocument": {"uri": URIS[at]}, "position": range["start"], "range": range,
                    "context": {"diagnostics": [], "triggerKind": 1}});
                client.request(method, params).await;
            }
            Step::Command(name, argument) => {
                client
                    .request("workspace/executeCommand", json!({"command": name, "arguments": [argument]}))
                    .await;
            }
            Step::Nonsense(message) => client.send(&message).await,
            Step::Body(body) => {
                client.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
            }
        }
    }
    // It still answers, and what it shows is what a new session shows of the same text.
    let mut fresh = Client::ready(json!({})).await;
    for (at, text) in texts.iter().enumerate() {
        let Some(text) = text else { continue };
        for (name, argument) in [
            ("replylint.setThread", json!({"uri": URIS[at]})),
            ("replylint.setLanguage", json!({"uri": URIS[at], "language": null})),
        ] {
            let answer = client
                .ask("workspace/executeCommand", json!({"command": name, "arguments": [argument]}))
                .await;
            assert!(answer.get("error").is_none(), "{answer}");
        }
        // A finding at the end tells by its place whether the text before it is right.
        let end = position(text, boundary(text, 1000));
        let more = format!("{}\n\nYour seat will be ready in 4 to 8 weeks.", &text[boundary(text, 1000)..]);
        let range = json!({"start": end, "end": end});
        client.change(URIS[at], 100_000, json!([{"range": range, "text": more}])).await;
        let shown = client.published(URIS[at], 100_000).await;
        fresh.open(URIS[at], 1, &format!("{text}{more}")).await;
        assert_eq!(shown, fresh.published(URIS[at], 1).await, "{text:?}");
        assert!(!places(&shown).is_empty());
    }
    assert_eq!(fresh.quit().await, 0);
    assert_eq!(client.quit().await, 0);
}

#[test]
fn random_conversations() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    // The same conversations in every run; more of them by PROPTEST_CASES.
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    runner
        .run(&prop::collection::vec(step(), 1..60), |steps| {
            runtime.block_on(play(steps));
            Ok(())
        })
        .unwrap();
}

/// A text is typed, cut and pasted ten thousand times; at the end it is what a fresh session makes of it.
#[tokio::test]
async fn a_long_session() {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |limit: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % limit as u64).unwrap()
    };
    let mut client = Client::ready(json!({})).await;
    let mut text = String::new();
    client.open(URIS[0], 0, &text).await;
    for version in 1..=10_000 {
        let a = boundary(&text, random(1001) as u16);
        // Mostly typing; sometimes a part is taken out, more the longer the text is.
        let b = if random(8) == 0 || text.len() > 4000 { boundary(&text, random(1001) as u16) } else { a };
        let new = if random(6) == 0 { "" } else { PIECES[random(PIECES.len())] };
        let range = json!({"start": position(&text, a.min(b)), "end": position(&text, a.max(b))});
        text.replace_range(a.min(b)..a.max(b), new);
        client.change(URIS[0], version, json!([{"range": range, "text": new}])).await;
        if version % 100 == 0 {
            client.seen.clear();
            client.published(URIS[0], version).await;
        }
    }
    let end = position(&text, boundary(&text, 1000));
    let more = "\n\nYour seat will be ready in 4 to 8 weeks.";
    client.change(URIS[0], 10_001, json!([{"range": {"start": end, "end": end}, "text": more}])).await;
    let at = boundary(&text, 1000);
    text.insert_str(at, more);
    let shown = client.published(URIS[0], 10_001).await;
    let mut fresh = Client::ready(json!({})).await;
    fresh.open(URIS[0], 1, &text).await;
    assert_eq!(shown, fresh.published(URIS[0], 1).await);
    assert!(!shown.is_empty());
    assert_eq!(fresh.quit().await, 0);
    assert_eq!(client.quit().await, 0);
}
