//! temporary
/// f
pub fn fold_into(word: &str, out: &mut String) {
    out.extend(word.chars().flat_map(char::to_lowercase));
}
/// s
pub fn strip_diacritics_into(folded: &str, out: &mut String) {
    out.push_str(folded);
}
