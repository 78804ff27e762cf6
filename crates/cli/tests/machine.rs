//! What programs rely on: the JSON contract, standard streams, memory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_replylint");

fn schema(name: &str) -> jsonschema::Validator {
    let path = format!("{}/../../docs/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// Runs `check` over JSON lines and gives what it printed with its exit code.
fn check(input: &str, arguments: &[&str]) -> (String, i32) {
    let mut child = Command::new(BINARY)
        .args(["check", "--no-config", "--input", "jsonl", "--format", "jsonl", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let mut output = String::new();
    child.stdout.take().unwrap().read_to_string(&mut output).unwrap();
    writer.join().unwrap().unwrap();
    (output, child.wait().unwrap().code().unwrap())
}

#[test]
fn input_and_output_keep_the_schemas() {
    let threads = [
        json!({"id": "a", "language": "ro", "channel": "chat", "messages": [
            {"role": "customer", "text": "Unde e coletul?", "at": "2026-11-24T10:00:00Z", "from": "Ana"}],
            "draft": {"text": "Ajunge în 4-8 săptămâni. Trebuie să întreb șeful.", "at": "2026-11-24T11:00:00Z",
                      "attachments": ["a.pdf", {"name": "b.pdf"}]}}),
        json!({"id": 7, "customer": "Where is it?", "reply": "Hello Anna,\n\nwe can't deliver it 😀 before May."}),
        json!({"customer": null, "reply": "Guten Tag, Ihre Bestellung ist heute verschickt worden."}),
        json!({"id": "empty", "reply": ""}),
    ];
    let wrong = [
        json!({"id": "x"}),
        json!({"reply": 5}),
        json!({"messages": [{"role": "client", "text": ""}], "reply": ""}),
    ];
    let input_schema = schema("input");
    for thread in &threads {
        assert!(input_schema.is_valid(thread), "{thread}");
    }
    let mut lines = String::new();
    for thread in threads.iter().chain(&wrong) {
        lines.push_str(&format!("{thread}\n"));
    }
    let (output, code) = check(&lines, &[]);
    assert_eq!(code, 3);
    let output_schema = schema("output");
    let records: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), threads.len() + wrong.len());
    for record in &records {
        let errors: Vec<String> = output_schema.iter_errors(record).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?} in {record}");
    }
    assert!(records[..threads.len()].iter().all(|record| record.get("error").is_none()));
    assert!(records[threads.len()..].iter().all(|record| record.get("error").is_some()));
    assert_eq!(records[1]["id"], "7");
    let finding = &records[1]["findings"][0];
    let text = threads[1]["reply"].as_str().unwrap();
    let span = finding["start"].as_u64().unwrap() as usize..finding["end"].as_u64().unwrap() as usize;
    assert_eq!(finding["text"], text[span]);
    assert_eq!((&finding["line"], &finding["column"]), (&json!(3), &json!(1)));
}

#[test]
fn a_very_long_line_is_reported_and_the_next_is_read() {
    let long = "x".repeat(100 * 1024 * 1024);
    let (output, code) = check(
        &format!("{{\"reply\": \"{long}\"}}\n{{\"id\": \"b\", \"reply\": \"You get it soon, Anna.\"}}\n"),
        &[],
    );
    assert_eq!(code, 3);
    let records: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records[0]["error"], "line 1: the line is longer than 16777216 bytes");
    assert_eq!(records[1]["id"], "b");
}

#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let mut child = Command::new(BINARY)
        .args(["check", "--no-config", "--input", "jsonl", "--format", "jsonl", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    for _ in 0..2000 {
        // The reader may be gone before all is written.
        if stdin.write_all(b"{\"reply\": \"You will get it soon, Anna, and the code as well.\"}\n").is_err() {
            break;
        }
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}
