//! Compiles the language packs of `rules/` into the library, so that a broken pack fails the build and a check starts
//! without reading a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use replylint_pack::{
    Card, Evidence, LanguageEvidence, LanguageSource, cards_to_bytes, compile, files_to_bytes, read_concepts,
    shrink,
};

fn main() {
    if let Err(message) = build() {
        // Cargo shows what a failed build script wrote to standard error.
        eprintln!("{message}");
        process::exit(1);
    }
}

fn build() -> Result<(), String> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let out = PathBuf::from(env::var("OUT_DIR").map_err(|error| error.to_string())?);
    println!("cargo::rerun-if-changed={}", rules.display());

    let mut catalogue = Vec::new();
    let mut languages = Vec::new();
    for folder in folders(&rules)? {
        let code = name(&folder);
        let mut files = BTreeMap::new();
        for file in toml_files(&folder)? {
            let path = format!("{code}/{}", name(&file));
            let text = fs::read_to_string(&file).map_err(|error| format!("{path}: {error}"))?;
            if code == "catalogue" {
                catalogue.push(Card::read(&path, &text).map_err(|error| format!("rules/{error}"))?);
            }
            files.insert(path, text);
        }
        if code != "catalogue" && files.contains_key(&format!("{code}/language.toml")) {
            languages.push(LanguageSource { code, files, extra_words: BTreeMap::new() });
        }
    }
    let path = rules.join("concepts.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("rules/concepts.toml: {error}"))?;
    let concepts = read_concepts("concepts.toml", &text).map_err(|error| format!("rules/{error}"))?;
    let others = "other-languages.toml";
    let text = fs::read_to_string(rules.join(others)).map_err(|error| format!("rules/{others}: {error}"))?;
    let mut evidence =
        LanguageEvidence::of_others(others, &text).map_err(|error| format!("rules/{error}"))?;
    let mut code = format!("static STORED: [Stored; {}] = [\n", languages.len());
    for language in &languages {
        evidence.push(LanguageEvidence::of_language(language).map_err(|error| format!("rules/{error}"))?);
        let compiled = compile(language, &catalogue, &concepts).map_err(|error| format!("rules/{error}"))?;
        let pack = compiled.pack.to_bytes().map_err(|error| error.to_string())?;
        let pack = written(&out, &format!("{}.pack", language.code), &shrink(&pack))?;
        let files = files_to_bytes(&language.files).map_err(|error| error.to_string())?;
        let files = written(&out, &format!("{}.files", language.code), &files)?;
        writeln!(code, "    Stored::new({:?}, {pack}, {files}),", language.code)
            .map_err(|error| error.to_string())?;
    }
    let evidence = Evidence::new(evidence).and_then(|evidence| evidence.to_bytes());
    let evidence = evidence.map_err(|error| error.to_string())?;
    let evidence = written(&out, "evidence.bin", &evidence)?;
    let cards = cards_to_bytes(&catalogue).map_err(|error| error.to_string())?;
    let cards = written(&out, "cards.bin", &cards)?;
    writeln!(code, "];\n\nconst EVIDENCE: &[u8] = {evidence};\n\nconst CARDS: &[u8] = {cards};")
        .and_then(|()| writeln!(code, "\nconst CONCEPTS: &[&str] = &{concepts:?};"))
        .map_err(|error| error.to_string())?;
    fs::write(out.join("built_in.rs"), code).map_err(|error| error.to_string())
}

/// Writes a file and gives the expression that includes it.
fn written(out: &Path, name: &str, bytes: &[u8]) -> Result<String, String> {
    let path = out.join(name);
    fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(format!("include_bytes!({:?})", path.display().to_string()))
}

fn folders(path: &Path) -> Result<Vec<PathBuf>, String> {
    Ok(entries(path)?.into_iter().filter(|entry| entry.is_dir()).collect())
}

fn toml_files(path: &Path) -> Result<Vec<PathBuf>, String> {
    Ok(entries(path)?
        .into_iter()
        .filter(|entry| entry.extension().is_some_and(|ending| ending == "toml"))
        .collect())
}

/// What lies in a folder, sorted by name so that the build is the same everywhere.
fn entries(path: &Path) -> Result<Vec<PathBuf>, String> {
    let error = |error: std::io::Error| format!("{}: {error}", path.display());
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(error)? {
        entries.push(entry.map_err(error)?.path());
    }
    entries.sort();
    Ok(entries)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
