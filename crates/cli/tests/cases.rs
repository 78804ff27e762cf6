//! The command line, one case a file: arguments, standard input, what is printed, and the exit code.
//!
//! `TRYCMD=overwrite cargo test -p replylint-cli --test cases` renews what is expected.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[test]
fn cases() {
    trycmd::TestCases::new().case("../../tests/cmd/*.toml");
}
