//! The linter that is in force for a document: by its configuration file and the client's settings. Files are looked at again when they have changed on disk, so nothing needs a restart.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use replylint::{Linter, Options, PackError, Register, Role, RuleSetting, Severity, Thread, catalogue};
use replylint_workspace::{Suppressions, find_config, read_config};

use crate::client::Settings;
use crate::documents::Checked;

/// What a document is checked with.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub linter: Linter,
    pub suppressions: Arc<Suppressions>,
    /// The form of address that the configuration asks for.
    pub register: Option<Register>,
    /// Where the rules' pages are.
    pub docs_url: Option<String>,
    default_language: Option<String>,
}

impl Setup {
    /// The language of a reply: what is known of it, else the customer's, else what is configured, else the editor's.
    pub fn language_of(&self, checked: &Checked, locale: Option<&str>) -> Option<String> {
        let thread = &checked.source.thread;
        let known = thread.language.clone().or_else(|| checked.language.clone());
        let customers = || {
            let message = thread.messages.iter().rev().find(|message| message.role == Role::Customer)?;
            self.linter.check(&Thread::new(message.text.clone())).language
        };
        let locale = || self.linter.languages().find(|code| Some(*code) == locale).map(str::to_owned);
        known.or_else(customers).or_else(|| self.default_language.clone()).or_else(locale)
    }
}

/// A file that is broken, and how; `None` says that it is whole again.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FileState {
    pub path: PathBuf,
    pub fault: Option<PackError>,
}

/// When each of some files was changed last, and its size. What is not there is a state too.
type Stamp = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

struct Loaded {
    stamp: Stamp,
    /// The last one that was whole; a broken file does not take it away.
    value: Option<Setup>,
}

/// All setups of a session.
#[derive(Default)]
pub(crate) struct Setups {
    settings: Settings,
    built: HashMap<Option<PathBuf>, Loaded>,
    /// What became of files since the last time that somebody asked.
    news: Vec<FileState>,
}

impl Setups {
    /// Takes new settings of the client; everything is built anew with them.
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
        self.forget();
    }

    /// Forgets what was read, so that every file is read again.
    pub fn forget(&mut self) {
        self.built.values_mut().for_each(|loaded| loaded.stamp.clear());
    }

    /// What became of configuration files since the last call.
    pub fn take_news(&mut self) -> Vec<FileState> {
        std::mem::take(&mut self.news)
    }

    /// What a document is checked with; `place` is its file, or a folder for a document without one. `None` where its
    /// configuration is broken and never was whole: the command line would not check it either.
    pub fn get(&mut self, place: Option<&Path>) -> Option<Setup> {
        let config = match &self.settings.configuration_file {
            Some(file) => Some(file.clone()),
            None => place.and_then(find_config),
        };
        if let Some(loaded) = self.built.get(&config)
            && !loaded.stamp.is_empty()
            && is_unchanged(&loaded.stamp)
        {
            return loaded.value.clone();
        }
        let mut files: Vec<PathBuf> = config.iter().cloned().collect();
        let built = self.build(config.as_deref(), &mut files);
        // Without a file there is nothing that could change; the folder of the program always exists.
        if files.is_empty() {
            files.push(PathBuf::from("/"));
        }
        let stamp = stamp(files);
        let old = self.built.remove(&config).and_then(|loaded| loaded.value);
        let (value, fault) = match built {
            Ok(setup) => (Some(setup), None),
            Err(error) => (old, Some(error)),
        };
        if let Some(path) = config.clone().or(fault.as_ref().map(|_| PathBuf::new())) {
            self.news.push(FileState { path, fault });
        }
        self.built.insert(config, Loaded { stamp, value: value.clone() });
        value
    }

    fn build(&self, config: Option<&Path>, files: &mut Vec<PathBuf>) -> Result<Setup, PackError> {
        let (mut options, suppressions, docs_url) = match config {
            Some(path) => {
                let known = Linter::new(Options::default())?;
                let languages: Vec<&str> = known.languages().collect();
                let config = read_config(path, &languages)?;
                (config.options, config.suppressions, config.docs_url)
            }
            None => (Options::default(), Suppressions::default(), None),
        };
        for pack in &options.packs {
            let path = PathBuf::from(&pack.path);
            // A new file changes its folder.
            files.extend(path.parent().map(Path::to_owned));
            files.push(path);
        }
        files.sort();
        files.dedup();
        adjust(&mut options, &self.settings)?;
        let (register, default_language) = (options.register, options.default_language.clone());
        let linter = Linter::new(options).map_err(|error| match config {
            Some(path) if error.path.is_empty() => error.in_file(&path.display().to_string()),
            _ => error,
        })?;
        let docs_url = self.settings.docs_url.clone().or(docs_url);
        Ok(Setup { linter, suppressions: Arc::new(suppressions), register, docs_url, default_language })
    }
}

/// What the client sets beyond the file.
fn adjust(options: &mut Options, settings: &Settings) -> Result<(), PackError> {
    options.language = settings.language.clone().or(options.language.take());
    options.channel = settings.channel.or(options.channel);
    options.strict |= settings.strict;
    let severities = BTreeMap::from([
        ("off", RuleSetting::Off),
        ("hint", RuleSetting::On(Severity::Hint)),
        ("info", RuleSetting::On(Severity::Info)),
        ("warning", RuleSetting::On(Severity::Warning)),
        ("error", RuleSetting::On(Severity::Error)),
    ]);
    for (rule, severity) in &settings.rules {
        let unknown = |what: &str, name: &str| {
            PackError::new(format!("setting `replylint.rules`: unknown {what} `{name}`"))
        };
        if !catalogue().iter().any(|card| card.id == *rule) {
            let known = catalogue().iter().map(|card| card.id.as_str());
            return Err(unknown("rule", rule).near(rule, known));
        }
        let Some(setting) = severities.get(severity.as_str()) else {
            return Err(unknown("severity", severity).near(severity, severities.keys().copied()));
        };
        options.rules.insert(rule.clone(), *setting);
    }
    Ok(())
}

fn stamp(files: Vec<PathBuf>) -> Stamp {
    files
        .into_iter()
        .map(|path| {
            let stamp = look(&path);
            (path, stamp)
        })
        .collect()
}

fn is_unchanged(stamp: &Stamp) -> bool {
    stamp.iter().all(|(path, then)| look(path) == *then)
}

fn look(path: &Path) -> Option<(SystemTime, u64)> {
    let data = fs::metadata(path).ok()?;
    Some((data.modified().ok()?, if data.is_dir() { 0 } else { data.len() }))
}
