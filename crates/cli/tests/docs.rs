//! The pages of `docs/rules` and the table of `docs/rules.md` are what the program prints.
//!
//! `UPDATE_DOCS=1 cargo test -p replylint-cli --test docs` renews them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_replylint")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn pages_are_what_the_program_prints() {
    let docs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs"));
    let rules: Vec<serde_json::Value> =
        serde_json::from_str(&printed(&["rules", "--format", "json"])).unwrap();
    let mut pages = vec![(docs.join("rules.md"), printed(&["rules", "--markdown"]))];
    for rule in &rules {
        let id = rule["id"].as_str().unwrap();
        pages.push((docs.join(format!("rules/{id}.md")), printed(&["explain", id, "--markdown"])));
    }
    let wanted: BTreeSet<_> = pages.iter().map(|(path, _)| path.clone()).collect();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let _ = fs::remove_dir_all(docs.join("rules"));
        fs::create_dir_all(docs.join("rules")).unwrap();
        for (path, text) in &pages {
            fs::write(path, text).unwrap();
        }
    }
    let renew = "UPDATE_DOCS=1 cargo test -p replylint-cli --test docs renews it";
    for (path, text) in &pages {
        let found = fs::read_to_string(path).unwrap_or_default();
        assert!(found == *text, "{} is not what the program prints; {renew}", path.display());
    }
    for entry in fs::read_dir(docs.join("rules")).unwrap() {
        let path = entry.unwrap().path();
        assert!(wanted.contains(&path), "{} is the page of no rule; {renew}", path.display());
    }
}
