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
    let findings = records[1]["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["rule"] == "negative-framing").unwrap();
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

/// Runs the program in a folder.
fn run_in(folder: &std::path::Path, arguments: &[&str]) -> (String, String, i32) {
    let output = Command::new(BINARY).args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

const TWO: &str = "{\"id\": \"a\", \"reply\": \"You will get it soon, Anna.\"}\n{\"id\": \"b\", \"reply\": \"Here is the code, Anna.\"}\n";

#[test]
fn sarif_has_what_the_standard_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a b.txt"), "Hello Anna,\n\n😀 you will get it soon.").unwrap();
    std::fs::write(folder.path().join("c.txt"), "Hello Anna, here is the code for the door.").unwrap();
    let arguments = ["check", "--no-config", "--select", "ambiguous-estimate", "--format", "sarif", "."];
    let (output, _, code) = run_in(folder.path(), &arguments);
    assert_eq!(code, 1);
    let document: Value = serde_json::from_str(&output).unwrap();
    assert_eq!(document["version"], "2.1.0");
    assert!(document["$schema"].as_str().unwrap().contains("sarif"));
    let run = &document["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "replylint");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = driver["rules"].as_array().unwrap();
    for rule in rules {
        assert!(rule["id"].is_string() && rule["shortDescription"]["text"].is_string());
        assert!(
            ["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap())
        );
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    let result = &results[0];
    assert_eq!(result["ruleId"], "ambiguous-estimate/vague");
    assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], "ambiguous-estimate");
    assert_eq!(result["level"], "warning");
    assert!(result["message"]["text"].is_string());
    assert!(result["partialFingerprints"]["replylint/v1"].is_string());
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "./a%20b.txt");
    assert_eq!(place["region"], json!({"startLine": 3, "startColumn": 19, "endLine": 3, "endColumn": 23}));
}

#[test]
fn an_output_file_is_complete_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.jsonl"), TWO).unwrap();
    let arguments = ["check", "--no-config", "--format", "jsonl", "--output", "out.jsonl", "t.jsonl"];
    let (output, errors, code) = run_in(folder.path(), &arguments);
    assert_eq!((output.as_str(), errors.as_str(), code), ("", "", 1));
    let written = std::fs::read_to_string(folder.path().join("out.jsonl")).unwrap();
    assert_eq!(written.lines().count(), 2);
    // A run that stops before its end leaves the old file, and nothing beside it.
    std::fs::write(folder.path().join("replylint.toml"), "chanel = 1").unwrap();
    let arguments = ["check", "--format", "jsonl", "--output", "out.jsonl", "t.jsonl"];
    assert_eq!(run_in(folder.path(), &arguments).2, 2);
    assert_eq!(std::fs::read_to_string(folder.path().join("out.jsonl")).unwrap(), written);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
#[cfg(unix)]
fn what_a_killed_run_leaves_behind_tells_what_it_was_to_be() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let names = || {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    let mut run = Command::new(BINARY)
        .current_dir(folder.path())
        .args(["check", "--no-config", "--input", "jsonl", "--format", "jsonl", "--output", "out.jsonl", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // More than a pipe holds, so that the program has begun when all of it is written.
    let mut input = run.stdin.take().unwrap();
    input.write_all("{\"reply\": \"It takes 4 to 8 weeks.\"}\n".repeat(10_000).as_bytes()).unwrap();
    run.kill().unwrap();
    run.wait().unwrap();
    let left = names();
    assert!(
        matches!(left.as_slice(), [name] if name.starts_with(".out.jsonl.") && name.ends_with(".part")),
        "{left:?}"
    );

    // A whole one may be read by whom the umask says, like any other file.
    std::fs::write(folder.path().join("t.jsonl"), TWO).unwrap();
    let arguments = ["check", "--no-config", "--format", "jsonl", "--output", "out.jsonl", "t.jsonl"];
    assert_eq!(run_in(folder.path(), &arguments).2, 1);
    let mode = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
    assert_eq!(mode("out.jsonl"), mode("t.jsonl"));
}

#[test]
fn compressed_lines_are_read_and_broken_ones_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(TWO.as_bytes()).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(TWO.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    std::fs::write(folder.path().join("a.jsonl.gz"), &gzip).unwrap();
    std::fs::write(folder.path().join("b.jsonl.zst"), &zstd).unwrap();
    let (output, errors, code) = run_in(folder.path(), &["check", "--no-config", "--format", "jsonl", "."]);
    assert_eq!((errors.as_str(), code), ("", 1));
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[..2], lines[2..]);
    std::fs::write(folder.path().join("a.jsonl.gz"), &gzip[..gzip.len() / 2]).unwrap();
    std::fs::write(folder.path().join("b.jsonl.zst"), b"no zstd").unwrap();
    let (_, errors, code) = run_in(folder.path(), &["check", "--no-config", "--format", "jsonl", "."]);
    assert_eq!((errors.lines().count(), code), (2, 3), "{errors}");
}

#[test]
fn many_cores_give_what_one_gives() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = String::new();
    for at in 0..3000 {
        match at % 500 {
            7 => lines.push_str("no json\n"),
            _ => lines.push_str(&format!(
                "{{\"id\": {at}, \"reply\": \"Hello Anna, you will get it {} and number {at} as well.\"}}\n",
                if at % 3 == 0 { "soon" } else { "on Friday" }
            )),
        }
    }
    std::fs::write(folder.path().join("t.jsonl"), lines).unwrap();
    let run = |jobs: &str| {
        let arguments = ["check", "--no-config", "--format", "jsonl", "--jobs", jobs, "t.jsonl"];
        let (output, errors, code) = run_in(folder.path(), &arguments);
        // A slow machine adds how slow it was.
        let errors: Vec<String> =
            errors.lines().filter(|line| !line.contains("replies/s")).map(str::to_owned).collect();
        (output, errors, code)
    };
    let one = run("1");
    assert_eq!((one.0.lines().count(), one.1.len(), one.2), (3000, 6, 3));
    assert_eq!(run("4"), one);
}

#[test]
fn a_baseline_leaves_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("a.txt"),
        "Hello Anna, you will get the new seat soon, and here is the code.",
    )
    .unwrap();
    let check = |arguments: &[&str]| {
        run_in(
            folder.path(),
            &[&["check", "--no-config", "--select", "ambiguous-estimate"], arguments].concat(),
        )
    };
    assert_eq!(check(&["--write-baseline", "known.jsonl", "a.txt"]).2, 0);
    let (output, _, code) = check(&["--baseline", "known.jsonl", "a.txt"]);
    assert_eq!(
        (output.as_str(), code),
        ("No findings in 1 reply: English; score 100 of 100; 1 ignored\n", 0)
    );
    let more = "Hello Anna,\n\nyou will get the new seat soon, and here is the code. The money is back in a few days.";
    std::fs::write(folder.path().join("a.txt"), more).unwrap();
    let (output, _, code) = check(&["--baseline", "known.jsonl", "--format", "jsonl", "a.txt"]);
    let record: Value = serde_json::from_str(&output).unwrap();
    assert_eq!((record["findings"].as_array().unwrap().len(), code), (1, 1));
    assert_eq!(record["findings"][0]["text"], "a few days");
}
