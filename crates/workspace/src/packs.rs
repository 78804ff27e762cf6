//! Pack folders.

use std::fs;
use std::path::Path;

use replylint::{PackError, PackFile};

/// Reads all TOML files of a pack folder: those in its language folders, or, where the folder is one language's own,
/// those in it.
///
/// # Errors
/// Where the folder does not exist, a file cannot be read, or the folder holds no pack.
pub fn read_pack_folder(folder: &Path) -> Result<Vec<PackFile>, PackError> {
    let mut files = Vec::new();
    collect(folder, 2, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if files.is_empty() {
        let message =
            "there is no pack in this folder: a pack is a folder for each language with TOML files in it";
        return Err(PackError::new(message).in_file(&folder.display().to_string()));
    }
    Ok(files)
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PackFile>) -> Result<(), PackError> {
    let failed = |path: &Path, error: std::io::Error| {
        PackError::new(error.to_string()).in_file(&path.display().to_string())
    };
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        if path.is_dir() {
            if depth > 1 {
                collect(&path, depth - 1, files)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            // A file beside the language folders belongs to no language.
            if depth > 1
                && path.file_name().is_some_and(|name| name != "language.toml")
                && !folder.join("language.toml").exists()
            {
                continue;
            }
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            files.push(PackFile { path: path.display().to_string().replace('\\', "/"), text });
        }
    }
    Ok(())
}
