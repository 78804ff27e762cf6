//! The labelled replies of `tests/replies`: how right the rules are on them, and which points are seen and answered.
//!
//! `INSTA_UPDATE=always cargo test -p replylint-cli --test replies` renews the snapshots.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

use serde_json::Value;

const LANGUAGES: [&str; 6] = ["en", "ro", "ru", "it", "fa", "hu"];

fn printed(arguments: &[&str], language: &str) -> String {
    let file = format!("{}/../../tests/replies/{language}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_replylint"))
        .args(arguments)
        .args(["--no-config", &file])
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{language}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn rules_are_right_on_labelled_replies() {
    for language in LANGUAGES {
        let results: Value = serde_json::from_str(&printed(&["eval", "--format", "json"], language)).unwrap();
        let rules = results["languages"][language]["rules"].as_object().unwrap();
        let sum = |key: &str| {
            rules
                .iter()
                .filter(|(rule, _)| *rule != "unanswered-point")
                .map(|(_, counts)| counts[key].as_u64().unwrap())
                .sum::<u64>() as f64
        };
        let (right, wrong, missed) = (sum("right"), sum("false_alarms"), sum("missed"));
        assert!(right >= 50.0, "{language}: only {right} right findings");
        assert!(right / (right + wrong) >= 0.95, "{language}: precision {}", right / (right + wrong));
        assert!(right / (right + missed) >= 0.90, "{language}: recall {}", right / (right + missed));
    }
}

#[test]
fn points_and_their_answers() {
    for language in LANGUAGES {
        let text = printed(&["points"], language);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../../../tests/snapshots");
        settings.set_prepend_module_to_snapshot(false);
        // The evidence changes with every phrase; what is seen and what is answered is what matters here.
        let shown: Vec<&str> = text.lines().filter(|line| !line.starts_with("           ")).collect();
        settings.bind(|| insta::assert_snapshot!(format!("points.{language}"), shown.join("\n")));
    }
}
