//! replylint-pack
