//! `replylint.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use replylint::{
    Category, Channel, LengthLimits, Options, PackError, Register, RuleSetting, Severity, catalogue,
};
use serde::Deserialize;
use toml::Spanned;

use crate::suppress::IgnoreTable;
use crate::{Baseline, Suppressions, read_pack_folder};

/// The name of the configuration file.
pub const CONFIG_NAME: &str = "replylint.toml";

/// A configuration with the place that it came from.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Config {
    /// The file; `None` for the defaults.
    pub path: Option<PathBuf>,
    /// What it chooses.
    pub options: Options,
    /// What it keeps from being reported.
    pub suppressions: Suppressions,
    /// Where the rules' pages are: an address with its scheme, or an absolute folder.
    pub docs_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ConfigFile {
    language: Option<Spanned<String>>,
    channel: Option<Spanned<String>>,
    register: Option<Spanned<String>>,
    #[serde(default)]
    strict: bool,
    #[serde(default)]
    packs: Vec<Spanned<String>>,
    #[serde(default)]
    rules: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    score: ScoreTable,
    #[serde(default)]
    length: BTreeMap<Spanned<String>, LengthTable>,
    #[serde(default)]
    words: BTreeMap<Spanned<String>, BTreeMap<String, Vec<String>>>,
    #[serde(default)]
    ignore: Vec<IgnoreTable>,
    baseline: Option<Spanned<String>>,
    docs_url: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ScoreTable {
    #[serde(default)]
    weights: BTreeMap<Category, Spanned<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LengthTable {
    min_words: Option<usize>,
    max_words: Option<usize>,
}

/// The configuration file that is in force for a file or folder: the nearest one upward from it.
pub fn find_config(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    let folder = if absolute.is_dir() { absolute.as_path() } else { absolute.parent()? };
    folder.ancestors().map(|folder| folder.join(CONFIG_NAME)).find(|config| config.is_file())
}

/// Reads a configuration file and the packs that it names.
///
/// # Errors
/// Where it cannot be read, is no TOML, or holds a key, rule, severity, channel or language that does not exist. The
/// error names line and column and, where there is one, the name that was probably meant.
pub fn read_config(path: &Path, languages: &[&str]) -> Result<Config, PackError> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|error| PackError::new(error.to_string()).in_file(&name))?;
    let config = parse(&name, &text, path.parent().unwrap_or(Path::new(".")), languages)?;
    Ok(Config { path: Some(path.to_owned()), ..config })
}

fn parse(name: &str, text: &str, folder: &Path, languages: &[&str]) -> Result<Config, PackError> {
    let mut file: ConfigFile = replylint::read_toml(name, text)?;
    let mut suppressions = Suppressions { folder: folder.to_owned(), ..Suppressions::default() };
    for table in std::mem::take(&mut file.ignore) {
        suppressions.ignores.push(table.read(name, text)?);
    }
    if let Some(baseline) = &file.baseline {
        let read = Baseline::read(&folder.join(baseline.get_ref())).map_err(|error| {
            // The place in the configuration says more than the file that is not there.
            if error.line == 0 {
                PackError::at(name, text, baseline.span(), error.to_string())
            } else {
                error
            }
        })?;
        suppressions.baseline = Some(read);
    }
    let unknown = |what: &str, found: &Spanned<String>, known: &[&str]| {
        PackError::at(name, text, found.span(), format!("unknown {what} `{}`", found.as_ref()))
            .help(format!("there are {}", known.join(", ")))
            .near(found.as_ref(), known.iter().copied())
    };
    let one_of = |what: &str, found: &Spanned<String>, known: &[&str]| {
        known.iter().position(|known| known == found.as_ref()).ok_or_else(|| unknown(what, found, known))
    };

    let mut options = Options::default();
    options.strict = file.strict;
    let mut packs = Vec::new();
    for pack in &file.packs {
        packs.extend(read_pack_folder(&folder.join(pack.as_ref())).map_err(|error| {
            // The place in the configuration says more than the folder that is not there.
            if error.line == 0 { PackError::at(name, text, pack.span(), error.to_string()) } else { error }
        })?);
    }
    let own: Vec<&str> = packs.iter().filter_map(|file| file.path.rsplit('/').nth(1)).collect();
    let languages: Vec<&str> = languages.iter().copied().chain(own).collect();
    if let Some(language) = &file.language {
        one_of("language", language, &languages)?;
        options.default_language = Some(language.as_ref().clone());
    }
    if let Some(channel) = &file.channel {
        options.channel = Some(CHANNELS[one_of("channel", channel, &CHANNEL_NAMES)?]);
    }
    if let Some(register) = &file.register {
        let at = one_of("register", register, &["formal", "informal"])?;
        options.register = Some([Register::Formal, Register::Informal][at]);
    }
    let rules: Vec<&str> = catalogue().iter().map(|card| card.id.as_str()).collect();
    for (rule, setting) in &file.rules {
        one_of("rule", rule, &rules)?;
        let at = one_of("severity", setting, &["off", "hint", "info", "warning", "error"])?;
        let on = |severity| RuleSetting::On(severity);
        let setting = [
            RuleSetting::Off,
            on(Severity::Hint),
            on(Severity::Info),
            on(Severity::Warning),
            on(Severity::Error),
        ][at];
        options.rules.insert(rule.as_ref().clone(), setting);
    }
    for (category, weight) in &file.score.weights {
        if !(0.0..=10.0).contains(weight.as_ref()) {
            return Err(PackError::at(name, text, weight.span(), "a weight is a number from 0 to 10"));
        }
        options.score_weights.insert(*category, *weight.as_ref());
    }
    for (channel, table) in &file.length {
        let at = one_of("channel", channel, &CHANNEL_NAMES)?;
        let mut limits = LengthLimits::default();
        limits.min_words = table.min_words;
        limits.max_words = table.max_words;
        if let (Some(least), Some(most)) = (limits.min_words, limits.max_words)
            && least > most
        {
            let message = format!("min-words ({least}) is more than max-words ({most})");
            return Err(PackError::at(name, text, channel.span(), message));
        }
        options.length.insert(CHANNELS[at], limits);
    }
    for (language, classes) in file.words {
        one_of("language", &language, &languages)?;
        options.words.insert(language.into_inner(), classes);
    }
    options.packs = packs;
    let docs_url = file.docs_url.as_ref().map(|base| docs_url(name, text, folder, base)).transpose()?;
    Ok(Config { path: None, options, suppressions, docs_url })
}

/// An address as it is, and a folder, which is looked for beside the configuration.
fn docs_url(name: &str, text: &str, folder: &Path, base: &Spanned<String>) -> Result<String, PackError> {
    let fault = |message: &str| {
        let error = PackError::at(name, text, base.span(), message);
        error.help("write an address such as `https://docs.example/rules`, or a folder beside this file")
    };
    if let Some((scheme, _)) = base.as_ref().split_once("://") {
        return match scheme {
            "http" | "https" => Ok(base.as_ref().clone()),
            _ => Err(fault("the address begins with neither `http` nor `https`")),
        };
    }
    let pages = std::path::absolute(folder.join(base.as_ref())).ok().filter(|pages| pages.is_dir());
    pages.map(|pages| pages.display().to_string()).ok_or_else(|| fault("there is no such folder"))
}

const CHANNEL_NAMES: [&str; 4] = ["email", "chat", "social", "review"];
const CHANNELS: [Channel; 4] = [Channel::Email, Channel::Chat, Channel::Social, Channel::Review];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use replylint::{Channel, RuleSetting, Severity};

    use super::{Config, parse};

    fn error(text: &str) -> String {
        parse("replylint.toml", text, Path::new("."), &["en", "hu"]).unwrap_err().to_string()
    }

    #[test]
    fn every_key_is_read() {
        let Config { options, suppressions, docs_url, .. } = parse(
            "replylint.toml",
            "docs-url = \"https://docs.example\"\nlanguage = \"hu\"\nchannel = \"chat\"\nregister = \"formal\"\nstrict = true\n[rules]\nnegative-framing = \"error\"\nfiller = \"off\"\n[length.email]\nmax-words = 180\n[words.hu]\nmanager = [\"csoportvezető*\"]\n[[ignore]]\nrule = \"length\"\n",
            Path::new("."),
            &["en", "hu"],
        )
        .unwrap();
        assert_eq!(docs_url.as_deref(), Some("https://docs.example"));
        assert_eq!(options.default_language.as_deref(), Some("hu"));
        assert_eq!(options.channel, Some(Channel::Chat));
        assert!(options.strict);
        assert_eq!(options.rules["negative-framing"], RuleSetting::On(Severity::Error));
        assert_eq!(options.rules["filler"], RuleSetting::Off);
        assert_eq!(options.length[&Channel::Email].max_words, Some(180));
        assert_eq!(options.words["hu"]["manager"], ["csoportvezető*"]);
        assert_eq!(suppressions.ignores[0].rule, "length");
    }

    #[test]
    fn faults_are_pointed_at() {
        assert_eq!(
            error("[rules]\nnegative-frame = \"off\"\n"),
            "replylint.toml:2:1: unknown rule `negative-frame`; did you mean `negative-framing`?"
        );
        assert_eq!(
            error("[rules]\nfiller = \"of\"\n"),
            "replylint.toml:2:10: unknown severity `of`; did you mean `off`?"
        );
        assert_eq!(
            error("chanel = \"chat\"\n").split(", expected").next(),
            Some("replylint.toml:1:1: unknown field `chanel`")
        );
        assert!(error("chanel = \"chat\"\n").ends_with("did you mean `channel`?"));
        assert_eq!(
            error("language = \"xx\"\n"),
            "replylint.toml:1:12: unknown language `xx`; there are en, hu"
        );
        assert!(
            error("[length.email]\nmin-words = 9\nmax-words = 3\n")
                .contains("min-words (9) is more than max-words (3)")
        );
        assert_eq!(
            error("[[ignore]]\nrule = \"lenght\"\n"),
            "replylint.toml:2:8: unknown rule `lenght`; did you mean `length`?"
        );
        assert!(
            error("[[ignore]]\nrule = \"length\"\npath = \"a[\"\n").contains("3:8: this is no path pattern")
        );
        assert!(error("[[ignore]]\nrule = \"length\"\ntext = \"soon\"\n").contains("3:8: this is no hash"));
        assert!(error("baseline = \"nowhere.json\"\n").starts_with("replylint.toml:1:12: "));
        assert!(
            error("docs-url = \"nowhere\"\n").starts_with("replylint.toml:1:12: there is no such folder")
        );
        assert!(error("docs-url = \"ftp://a\"\n").starts_with("replylint.toml:1:12: the address begins"));
        assert!(error("language = \n").starts_with("replylint.toml:1:"));
        assert!(error("packs = [\"nowhere\"]\n").starts_with("replylint.toml:1:10: "));
    }
}
