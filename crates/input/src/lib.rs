//! replylint-input
