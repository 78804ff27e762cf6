//! replylint-workspace
