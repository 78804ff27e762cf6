//! The `replylint` command.
fn main() {}
