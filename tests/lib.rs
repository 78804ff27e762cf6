//! Suites over the public surface of replylint; see the sibling files.
