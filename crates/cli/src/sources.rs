//! Linters for the configurations in force.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use replylint::{Linter, Options, Report, Thread};
use replylint_workspace::{Ignores, find_config, find_ignores, read_config, read_pack_folder};

use crate::Failure;
use crate::args::ConfigArgs;

/// The linters of a run: one for each configuration file.
pub(crate) struct Linters<'a> {
    arguments: &'a ConfigArgs,
    /// What the command line says beyond the configuration.
    adjust: Box<dyn Fn(&mut Options) + 'a>,
    built: BTreeMap<Option<PathBuf>, Linter>,
    ignores: BTreeMap<PathBuf, Ignores>,
}

/// What the files of one folder are checked with.
pub(crate) struct Setup<'l> {
    pub linter: &'l Linter,
    ignores: &'l Ignores,
}

impl Setup<'_> {
    /// Checks a thread that was read from `path`, without the findings that were accepted there.
    pub fn check(&self, path: &Path, thread: &Thread) -> Report {
        let mut report = self.linter.check(thread);
        self.ignores.apply(Some(path), thread, &mut report.findings);
        report
    }
}

impl<'a> Linters<'a> {
    pub fn new(arguments: &'a ConfigArgs, adjust: impl Fn(&mut Options) + 'a) -> Self {
        Linters { arguments, adjust: Box::new(adjust), built: BTreeMap::new(), ignores: BTreeMap::new() }
    }

    /// The linter for a file or folder, and the findings that were accepted there.
    pub fn for_path(&mut self, path: &Path) -> Result<Setup<'_>, Failure> {
        let ignores = if self.arguments.no_config { None } else { find_ignores(path) }.unwrap_or_default();
        if !self.ignores.contains_key(&ignores) {
            let read =
                if ignores.as_os_str().is_empty() { Ignores::default() } else { Ignores::read(&ignores)? };
            self.ignores.insert(ignores.clone(), read);
        }
        let config = match &self.arguments.config {
            Some(config) => Some(config.clone()),
            None if self.arguments.no_config => None,
            None => find_config(path),
        };
        if !self.built.contains_key(&config) {
            let linter = self.build(config.as_deref())?;
            self.built.insert(config.clone(), linter);
        }
        match (self.built.get(&config), self.ignores.get(&ignores)) {
            (Some(linter), Some(ignores)) => Ok(Setup { linter, ignores }),
            _ => Err(Failure::Usage("no linter was built".to_owned())),
        }
    }

    fn build(&self, config: Option<&Path>) -> Result<Linter, Failure> {
        let mut options = match config {
            Some(path) => {
                let known = Linter::new(Options::default())?;
                let languages: Vec<&str> = known.languages().collect();
                read_config(path, &languages)?.options
            }
            None => Options::default(),
        };
        if let Some(folder) = &self.arguments.rules_dir {
            options.packs = read_pack_folder(folder)?;
            options.only_user_packs = true;
        }
        (self.adjust)(&mut options);
        Linter::new(options).map_err(|error| match config {
            Some(path) if error.path.is_empty() => error.in_file(&path.display().to_string()).into(),
            _ => error.into(),
        })
    }
}
