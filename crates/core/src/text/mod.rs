//! stopgap
mod inner;
pub(crate) use inner::*;
pub(crate) mod words {
    pub fn adjust(_t: &mut super::Text, _p: usize, _d: &str, _r: &replylint_pack::WordRules) {}
}
pub(crate) mod sentences {
    use super::*;
    pub fn sentences(_draft: &str, text: &Text, paragraph: usize) -> Vec<Sentence> {
        let mut out = Vec::new();
        let r = text.paragraphs[paragraph].tokens.clone();
        let mut s = r.start;
        for i in r.clone() {
            if text.tokens.list[i].gap >= Gap::Sentence || i + 1 == r.end {
                out.push(Sentence {
                    tokens: s..i + 1,
                    range: text.tokens.list[s].start as usize..text.tokens.list[i].end as usize,
                    question: text.tokens.list[i].question,
                });
                s = i + 1;
            }
        }
        out
    }
}
