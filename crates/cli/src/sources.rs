//! Linters for the configurations in force.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use replylint::{Linter, Options};
use replylint_workspace::{Baseline, Suppressions, find_config, read_config, read_pack_folder};

use crate::Failure;
use crate::args::ConfigArgs;

/// A linter and what its configuration keeps from being reported.
#[derive(Debug)]
pub(crate) struct Checker {
    pub linter: Linter,
    pub suppressions: Suppressions,
}

/// The checkers of a run: one for each configuration file.
pub(crate) struct Checkers<'a> {
    arguments: &'a ConfigArgs,
    /// The baseline that stands in for those of the configurations.
    baseline: Option<Baseline>,
    /// What the command line says beyond the configuration.
    adjust: Box<dyn Fn(&mut Options) + 'a>,
    built: BTreeMap<Option<PathBuf>, Arc<Checker>>,
}

impl<'a> Checkers<'a> {
    pub fn new(
        arguments: &'a ConfigArgs,
        baseline: Option<Baseline>,
        adjust: impl Fn(&mut Options) + 'a,
    ) -> Self {
        Checkers { arguments, baseline, adjust: Box::new(adjust), built: BTreeMap::new() }
    }

    /// The checker for a file or folder.
    pub fn for_path(&mut self, path: &Path) -> Result<Arc<Checker>, Failure> {
        let config = match &self.arguments.config {
            Some(config) => Some(config.clone()),
            None if self.arguments.no_config => None,
            None => find_config(path),
        };
        if let Some(built) = self.built.get(&config) {
            return Ok(Arc::clone(built));
        }
        let built = Arc::new(self.build(config.as_deref())?);
        // It is needed as long as the program runs; to take it apart at the end costs as much as to check a reply.
        std::mem::forget(Arc::clone(&built));
        self.built.insert(config, Arc::clone(&built));
        Ok(built)
    }

    fn build(&self, config: Option<&Path>) -> Result<Checker, Failure> {
        let (mut options, mut suppressions) = match config {
            Some(path) => {
                let known = Linter::new(Options::default())?;
                let languages: Vec<&str> = known.languages().collect();
                let config = read_config(path, &languages)?;
                (config.options, config.suppressions)
            }
            None => (Options::default(), Suppressions::default()),
        };
        if let Some(baseline) = &self.baseline {
            suppressions.baseline = Some(baseline.clone());
        }
        if let Some(folder) = &self.arguments.rules_dir {
            options.packs = read_pack_folder(folder)?;
            options.only_user_packs = true;
        }
        (self.adjust)(&mut options);
        let linter = Linter::new(options).map_err(|error| match config {
            Some(path) if error.path.is_empty() => Failure::from(error.in_file(&path.display().to_string())),
            _ => error.into(),
        })?;
        Ok(Checker { linter, suppressions })
    }
}
