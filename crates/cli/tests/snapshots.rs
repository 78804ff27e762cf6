//! Whole replies as a person sees them, one in each language.
//!
//! `INSTA_UPDATE=always cargo test -p replylint-cli --test snapshots` renews them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::Command;

/// Checks an example and gives what a person would see.
fn shown(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let rules = "ambiguous-estimate,negative-framing,escalation-phrase,length";
    let output = Command::new(env!("CARGO_BIN_EXE_replylint"))
        .args(["check", "--no-config", "--select", rules, name])
        .current_dir(folder)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn replies_in_each_language() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../tests/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for name in
            ["reply.txt", "reply.ro.txt", "reply.ru.txt", "reply.it.txt", "reply.fa.txt", "reply.hu.txt"]
        {
            insta::assert_snapshot!(name, shown(name));
        }
    });
}
