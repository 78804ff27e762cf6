//! stopgap
use crate::text::Text;
#[derive(Debug)]
pub(crate) struct Detector;
pub(crate) struct Detection {
    pub language: Option<String>,
    pub confidence: f64,
}
impl Detection {
    pub fn is_open(&self) -> bool {
        self.language.is_none()
    }
}
impl Detector {
    pub fn new<'a>(_codes: impl Iterator<Item = &'a str>) -> Self {
        Detector
    }
    pub fn language_of(&self, t: &str) -> Option<String> {
        let r = whatlang::detect(t)?;
        Some(
            match r.lang() {
                whatlang::Lang::Ron => "ro",
                whatlang::Lang::Rus => "ru",
                whatlang::Lang::Ita => "it",
                whatlang::Lang::Pes => "fa",
                whatlang::Lang::Hun => "hu",
                _ => "en",
            }
            .to_owned(),
        )
    }
    pub fn detect(&self, draft: &str, _t: &Text, _p: usize, _prior: Option<&str>) -> Detection {
        Detection { language: self.language_of(draft), confidence: 0.5 }
    }
}
