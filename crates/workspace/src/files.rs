//! Which files to check.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

/// A path to check, or why there is none.
#[derive(Debug)]
#[non_exhaustive]
pub enum Found {
    /// A file.
    File(PathBuf),
    /// Something that cannot be read.
    Failed {
        /// What was asked for.
        path: PathBuf,
        /// Why it cannot be read.
        message: String,
    },
}

/// The files below `path`, sorted, or the file itself. Folders are walked with `.gitignore` and `.replylintignore` in
/// force, and only files that `is_input` says yes to are taken; a file that is named is taken whatever its name.
pub fn walk(path: &Path, is_input: impl Fn(&Path) -> bool) -> Vec<Found> {
    if path.is_file() {
        return vec![Found::File(path.to_owned())];
    }
    let mut found = Vec::new();
    if !path.exists() {
        let message = "there is no such file or folder".to_owned();
        return vec![Found::Failed { path: path.to_owned(), message }];
    }
    let walk = WalkBuilder::new(path)
        .add_custom_ignore_filename(".replylintignore")
        .require_git(false)
        .sort_by_file_path(|a, b| a.cmp(b))
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => {
                let is_draft = is_input(entry.path());
                if is_draft && entry.file_type().is_some_and(|kind| kind.is_file()) {
                    found.push(Found::File(entry.into_path()));
                }
            }
            Err(error) => {
                // The library's message begins with the path, which is named beside it.
                let message = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                found.push(Found::Failed { path: path.to_owned(), message });
            }
        }
    }
    found
}
