//! Findings as a Parquet table: `cargo test -p replylint-cli --features parquet --test table`.

#![cfg(feature = "parquet")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use parquet::file::reader::{FileReader, SerializedFileReader};

fn check(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_replylint"));
    command.args(["check", "--no-config"]).args(arguments).current_dir(folder);
    command
}

#[test]
fn a_row_holds_what_a_json_line_holds() {
    let folder = tempfile::tempdir().unwrap();
    let threads = "{\"id\": 7, \"reply\": \"Hello Ana, it takes 4 to 8 weeks.\"}\n{\"id\": 8}\n{\"id\": 9, \"reply\": \"Bună ziua, coletul a plecat azi.\"}\n";
    std::fs::write(folder.path().join("threads.jsonl"), threads).unwrap();
    let output =
        check(folder.path(), &["--format", "parquet", "--output", "findings.parquet", "threads.jsonl"])
            .output()
            .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty());
    let lines = check(folder.path(), &["--format", "jsonl", "threads.jsonl"]).output().unwrap();
    let lines: Vec<serde_json::Value> = String::from_utf8(lines.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();

    let reader =
        SerializedFileReader::new(File::open(folder.path().join("findings.parquet")).unwrap()).unwrap();
    let rows: Vec<String> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
    assert_eq!(rows.len(), lines.len());
    for (row, line) in rows.iter().zip(&lines) {
        for key in ["id", "language", "error"] {
            let value = line.get(key).and_then(serde_json::Value::as_str);
            let value = value.map_or("null".to_owned(), |text| format!("\"{text}\""));
            assert!(row.contains(&format!("{key}: {value}")), "{key}: {value} in {row}");
        }
        for finding in line["findings"].as_array().unwrap() {
            for key in ["rule", "text", "message", "fingerprint"] {
                assert!(row.contains(finding[key].as_str().unwrap()), "{key} of {finding} in {row}");
            }
            assert!(row.contains(&format!("start: {}", finding["start"])), "{row}");
        }
    }
    assert!(lines[0]["findings"].as_array().is_some_and(|findings| !findings.is_empty()));
}

#[test]
fn a_table_needs_a_file_and_a_killed_run_leaves_none() {
    let folder = tempfile::tempdir().unwrap();
    let output = check(folder.path(), &["--format", "parquet", "-"]).stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--format parquet needs --output FILE"));

    let arguments = ["--input", "jsonl", "--format", "parquet", "--output", "findings.parquet", "-"];
    let mut run = check(folder.path(), &arguments).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = run.stdin.take().unwrap();
    let line = "{\"reply\": \"It takes 4 to 8 weeks.\"}\n";
    // More than a pipe holds, so that the program has begun when all of it is written.
    input.write_all(line.repeat(10_000).as_bytes()).unwrap();
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(!folder.path().join("findings.parquet").exists());
}
