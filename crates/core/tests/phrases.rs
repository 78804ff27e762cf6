//! The phrase language, form by form, through packs made for the purpose.

use proptest::prelude::*;
use regex::Regex;
use replylint::{Linter, Options, PackFile, Thread, verify_packs};

const LANGUAGE: &str = r##"
name = "Test"
native-name = "Test"
direction = "ltr"
script = "latin"
missing-diacritics = true
[detection]
words = ["the", "we", "to", "and"]
[numbers]
"2" = ["two"]
"3" = ["three"]
[units]
day = ["day", "days"]
business-day = ["(business|working) days"]
week = ["week", "weeks"]
[weekdays]
"1" = ["monday"]
[classes]
we = ["we", "i", "our team"]
boss = ["manager*", "boss", "!managerial"]
verb = ["*ing", "send"]
doing = ["*ing", "!*thing&!(loathing|clothing)", "!morning"]
action = ["@doing", "act"]
making = ["m*&*ing", "@verb", "make", "!mooring", "!sending"]
trading = ["m*&*ing", "trade in", "@verb", "!mooring", "!sending"]
[clause]
breaks = ["but", "because", "as long as"]
[clause.subject]
us = ["we", "i"]
customer = ["you"]
third = ["the courier"]
[clause.verb]
us = ["*emos"]
[clause.facts]
negative = ["not", "*n't", "no longer"]
condition = ["if"]
"##;

/// Runs one rule file and gives its problems, or the error that keeps it from compiling.
fn problems(rule: &str) -> Vec<String> {
    problems_in(LANGUAGE, rule)
}

/// The same in another language.
fn problems_in(language: &str, rule: &str) -> Vec<String> {
    let file = |path: &str, text: &str| PackFile { path: path.to_owned(), text: text.to_owned() };
    let files = [file("xx/language.toml", language), file("xx/hedging.toml", rule)];
    match verify_packs(&files) {
        Ok((_, problems)) => problems.iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    }
}

/// A rule file of one group with these phrases and further keys; `bad` hold marks, `good` hold none.
fn rule(phrases: &[&str], keys: &str, excuses: &str, bad: &[&str], good: &[&str]) -> String {
    let list = |items: &[&str], filler: &str| {
        // The least number of examples is not what these tests are about.
        let mut all: Vec<String> = items.iter().map(|item| format!("{item:?}")).collect();
        while all.len() < 6 {
            all.push(format!("{:?}", filler.replace('#', &all.len().to_string())));
        }
        all.join(", ")
    };
    let phrases: Vec<String> = phrases.iter().map(|phrase| format!("{phrase:?}")).collect();
    let filler = bad.first().copied().unwrap_or_default();
    format!(
        "message = \"m\"\n[[phrases]]\nmatch = [{}]\n{keys}\n{excuses}\n[[bad]]\ntext = [{}]\n[[good]]\ntext = [{}]\n",
        phrases.join(", "),
        list(bad, filler),
        list(good, "Blank text # at all.")
    )
}

#[track_caller]
fn passes(phrases: &[&str], keys: &str, excuses: &str, bad: &[&str], good: &[&str]) {
    let found = problems(&rule(phrases, keys, excuses, bad, good));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn words_stems_endings_and_classes() {
    passes(&["<soon>"], "", "", &["It comes <soon>.", "<SOON>!", "It comes <Soon>"], &["Sooner is better."]);
    passes(&["my <refund*>"], "", "", &["my <refunds> are here", "my <refund>"], &["your refund", "my fund"]);
    passes(&["<*ing> now"], "", "", &["I am <sending> now."], &["I send now."]);
    passes(&["ask <@boss>"], "", "", &["ask <managers>", "ask <boss>"], &["ask managerial staff"]);
    passes(&["<@we> agree"], "", "", &["<our team> agree", "<We> agree"], &["your team agree"]);
}

#[test]
fn words_that_are_never_in_a_class_may_have_exceptions_themselves() {
    for phrase in ["<@doing> now", "<@action> now"] {
        passes(
            &[phrase],
            "",
            "",
            &["<sending> now", "<clothing> now", "<loathing> now"],
            &["nothing now", "morning now", "bathing now"],
        );
    }
    passes(&["<@action> now"], "", "", &["<act> now"], &["acts now", "anything now"]);
}

#[test]
fn words_that_are_never_in_a_class_are_not_in_it_by_another_class_or_a_condition_either() {
    for class in ["making", "trading"] {
        let phrase = format!("<@{class}> now");
        passes(
            &[&phrase],
            "",
            "",
            &["<moving> now", "<send> now"],
            &["mooring now", "sending now", "mopped now"],
        );
    }
    passes(&["<@making> now"], "", "", &["<make> now"], &["trade in now"]);
    passes(&["<@trading> now"], "", "", &["<trade in> now"], &["make now"]);
}

#[test]
fn what_is_never_in_a_class_must_be_one_word() {
    for entry in ["managerial staff", "(a|b)", "@verb", "*ing&*thing"] {
        let language = LANGUAGE.replace("!managerial", &format!("!{entry}"));
        let found = problems_in(&language, &rule(&["<@boss>"], "", "", &["<boss>"], &["b"])).remove(0);
        assert!(
            found.starts_with("xx/language.toml:20:") && found.contains("never in a class is one word"),
            "{entry}: {found}"
        );
    }
    // What cannot be read is shown where it stands in the entry.
    let column = |entry: &str| {
        let language = LANGUAGE.replace("\"!managerial\"", &format!("\"{entry}\""));
        let found = problems_in(&language, &rule(&["<@boss>"], "", "", &["<boss>"], &["b"])).remove(0);
        found.split(':').nth(2).and_then(|column| column.parse::<usize>().ok())
    };
    assert_eq!(column("!(man").zip(column("(man")).map(|(never, plain)| never - plain), Some(1));
}

#[test]
fn numbers_units_and_hyphens() {
    passes(
        &["<# [to] # @unit>"],
        "",
        "",
        &["in <2-3 days>", "in <two to three weeks>", "<2 – 3 business days>", "in <two-three days>"],
        &["in 3 days", "sizes 2 to 3"],
    );
    passes(&["two-three"], "", "", &["<two-three>", "<Two three>"], &["two or three"]);
}

#[test]
fn alternatives_options_and_gaps() {
    passes(
        &["<(can|could) [really] not>"],
        "",
        "",
        &["We <can not>.", "<Could really not>"],
        &["can very not"],
    );
    passes(
        &["<ask .. @boss>"],
        "",
        "",
        &["<ask my own dear boss>", "<ask boss>"],
        &["ask all of my own dear boss", "ask, then boss"],
    );
    passes(&["<ask ..5 boss>"], "", "", &["<ask all of my own dear boss>"], &["ask, boss"]);
    passes(&["<ask ... boss>"], "", "", &["<ask, but only then, the boss>"], &["Ask. The boss knows."]);
    passes(&["the _ team"], "", "", &["<the good team>"], &["the team", "the very good team"]);
    passes(&["<{not & send}>"], "", "", &["<not ever send>", "<send it not>"], &["not this, but send"]);
}

#[test]
fn choices_of_many_try_each_that_fits_in_their_order() {
    // Some begin with the same word, one may begin with any, one is a word of several and one is longer than another.
    let many = "<(go home|go far away|go|[very] late|_ send|@unit left|wait here|wait) now>";
    passes(
        &[many],
        "",
        "",
        &[
            "<go home now>",
            "<go far away now>",
            "<go now>",
            "<late now>",
            "<very late now>",
            "we <all send now>",
            "<business days left now>",
            "<wait here now>",
            "<wait now>",
        ],
        &["go here now", "go away now", "very now", "wait there now", "send now", "days now"],
    );
    passes(
        &["<we ..4 (go|late|wait here|@unit|send)>"],
        "",
        "",
        &["<we all wait and wait here>", "<We go>", "<we are all very working days>", "<we send>"],
        &["we all wait there", "we are all very much too late"],
    );
    // The words that a phrase needs stand before and behind the rarest one, so many words away or anywhere.
    passes(
        &["<the (good|very good) boss [really] must never go>"],
        "",
        "",
        &["<the good boss must never go>", "<the very good boss really must never go>"],
        &["the boss must never go", "good the boss must never go", "the good boss never must go"],
    );
}

#[test]
fn assertions_and_joined_tests() {
    passes(&["<can !wait>"], "", "", &["I <can> go", "I <can>"], &["I can wait"]);
    passes(&["~if <we go>"], "", "", &["and <we go>", "<We go>"], &["if we go"]);
    passes(&["<go !(home|@boss)>"], "", "", &["<go> away"], &["go home", "go boss"]);
    passes(&["^ <obviously>"], "", "", &["<Obviously> so."], &["That is obviously so."]);
    passes(&["<again> $"], "", "", &["Do it <again>."], &["Do it again and again now."]);
    passes(&["<again> ,"], "", "", &["<Again>, no.", "<again>"], &["again we go"]);
    passes(&["<*ing&!sending>"], "", "", &["<going>"], &["sending"]);
    passes(&["<@verb&s*>"], "", "", &["<sending>", "<send>"], &["going", "sun"]);
}

#[test]
fn clauses_tell_subject_and_facts() {
    passes(
        &["<go> there"],
        "subject = [\"us\"]",
        "",
        &["We <go> there."],
        &["You go there.", "go there", "We know, but you go there"],
    );
    passes(
        &["<go> there"],
        "subject = [\"open\", \"third\"]",
        "",
        &["<go> there", "the courier may <go> there"],
        &["We go there."],
    );
    passes(&["there"], "subject = [\"us\"]", "", &["vemos <there>"], &["there you go"]);
    passes(
        &["<go>"],
        "with = [\"negative\"]",
        "",
        &["I do not <go>.", "I no longer <go>"],
        &["I go.", "I do not, but go"],
    );
    passes(&["<go>"], "without = [\"condition\"]", "", &["I <go>."], &["if I go"]);
    passes(&["<go>"], "question = false", "", &["I <go>."], &["Shall I go?"]);
    passes(&["<ask .. boss>"], "", "", &["<ask the boss>"], &["ask as long as boss"]);
}

#[test]
fn excuses_reach_as_far_as_they_say() {
    let excuse = |reach: &str| format!("[[excuses]]\nreach = \"{reach}\"\nmatch = [\"instead\"]\n");
    passes(&["<no> go"], "", &excuse("clause"), &["Instead, <no> go.", "<no> go"], &["instead no go"]);
    passes(&["<no> go"], "", &excuse("before"), &["<no> go instead"], &["Instead, no go."]);
    passes(&["<no> go"], "", &excuse("after"), &["Instead, <no> go."], &["no go instead"]);
    passes(&["<no> go"], "", &excuse("sentence"), &["Instead. <no> go."], &["Instead, no go."]);
    passes(
        &["<no> go"],
        "",
        &excuse("near"),
        &["Instead. Well. Fine. <no> go."],
        &["Instead. No go.", "No go. Instead."],
    );
    passes(&["<no> go"], "", &excuse("reply"), &["<no> go"], &["Instead. Well. Fine. So. No go."]);
    passes(&["<no> go"], "excuses = []", &excuse("reply"), &["<no> go instead"], &["go"]);
}

#[test]
fn letters_that_stand_for_others_are_read_both_ways() {
    let language = LANGUAGE.replace("[detection]", "[words]\nother-letters = { \"õ\" = \"ő\" }\n[detection]");
    let strict = language.replace("missing-diacritics = true", "");
    let later =
        |phrase| rule(&[phrase], "", "", &["<KÉSÕBB> jön", "<később> jön"], &["kesõbb jön", "késobb jön"]);
    assert_eq!(problems_in(&strict, &later("<később>")), [""; 0]);
    // A word may have the letter in its own right as well.
    let strict = strict.replace("\"õ\"", "\"ö\"");
    let due = rule(&["<kötelező>"], "", "", &["<kötelezö>", "<kötelező>"], &["kotelezö", "kőtelezo"]);
    assert_eq!(problems_in(&strict, &due), [""; 0]);
    let broken = problems_in(&language.replace("\"õ\" =", "\"õő\" ="), &later("<később>")).remove(0);
    assert!(
        broken.starts_with("xx/language.toml:8:19: `õő` is not one letter; write `other-letters"),
        "{broken}"
    );
}

#[test]
fn other_spellings_are_read_as_what_is_meant() {
    let spelled = "[words.other-spellings]\ndont = \"don't\"\n[detection]";
    let language = LANGUAGE.replace("[detection]", spelled);
    let phrase = rule(&["<don't know>"], "", "", &["I <dont know>.", "I <DON’T know>."], &["I donut know."]);
    assert_eq!(problems_in(&language, &phrase), [""; 0]);
    // What is typed stays a word of its own.
    let typed = rule(&["<dont>"], "", "", &["<dont>"], &["don't"]);
    assert_eq!(problems_in(&language, &typed), [""; 0]);
    let broken = problems_in(&language.replace("\"don't\"", "\"do not\""), &phrase).remove(0);
    assert!(broken.contains("`do not` is not one word; write `other-spellings"), "{broken}");
}

#[test]
fn letters_that_persian_keyboards_make_hard_may_be_left_out() {
    passes(&["<آماده مسئول>"], "", "", &["<آماده مسئول>", "<اماده مسیول>", "<آماده مسیول>"], &["اماره مسول"]);
}

#[test]
fn missing_diacritics_match_one_way() {
    passes(&["căpătați"], "", "", &["<căpătați>", "<capatati>", "<căpătaţi>"], &["capătati"]);
    passes(&["capatati"], "", "", &["<capatati>"], &["căpătați"]);
}

#[test]
fn of_two_findings_that_overlap_the_longer_stays() {
    passes(&["no go", "no go at all"], "", "", &["<no go at all>", "<no go>"], &["go"]);
}

#[test]
fn problems_name_file_line_and_words() {
    let found = problems(&rule(&["<soon>", "never"], "", "", &["It comes <soon>."], &["It comes soon."]));
    assert!(
        found.iter().any(|problem| problem.contains("no bad example of this file hits the phrase \"never\"")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|problem| problem.contains("a good example: hedging finds <soon>")),
        "{found:?}"
    );
    let excuses = "[[excuses]]\nname = \"named\"\nreach = \"near\"\nmatch = [\"on friday\"]";
    let found = problems(&rule(&["<soon>"], "", excuses, &["It comes <soon>. I write on Friday."], &["No."]));
    let expected = "found nothing in: It comes soon. I write on Friday.; <soon> is excused by \"on Friday\" (excuse named)";
    assert!(found.iter().any(|problem| problem.ends_with(expected)), "{found:?}");
}

#[test]
fn broken_phrases_point_at_their_fault() {
    let error = |phrase: &str| problems(&rule(&[phrase], "", "", &["<a>"], &["b"])).remove(0);
    assert_eq!(error("ask @bos"), "xx/hedging.toml:3:15: unknown class @bos; did you mean @boss?");
    assert_eq!(error("ask (a|b"), "xx/hedging.toml:3:15: `(` is never closed by `)`");
    assert_eq!(error("a > b"), "xx/hedging.toml:3:13: `>` without a `<` before it");
    assert_eq!(error(".. a"), "xx/hedging.toml:3:11: a phrase may not begin or end with a gap");
    assert_eq!(
        error("[a] _"),
        "xx/hedging.toml:3:10: the phrase can match without any certain word; name at least one word or class outside of `[…]`, `_` and gaps"
    );
    assert!(error("a ..12 b").contains("a gap takes 1 to 9 words"));
    assert!(error("!@we a").contains("holds entries of several words"));
    let unknown = problems("message = \"m\"\n[[phrase]]\nmatch = [\"a\"]\n").remove(0);
    assert!(
        unknown.starts_with("xx/hedging.toml:2:3: unknown field `phrase`")
            && unknown.ends_with("did you mean `phrases`?"),
        "{unknown}"
    );
    let fact = problems(&rule(&["a"], "with = [\"negativ\"]", "", &["<a>"], &["b"])).remove(0);
    assert!(fact.ends_with("unknown fact `negativ`; did you mean `negative`?"), "{fact}");
}

#[test]
fn a_users_file_replaces_a_rule_wherever_it_lies() {
    let text = "message = \"“{text}” says nothing.\"\n\n[[phrases]]\nmatch = [\"when all is said and done\"]\n\n\
                [[bad]]\ntext = \"It works ‹when all is said and done›.\"\n";
    for path in ["en/filler.toml", "zz/en/filler.toml", "a/b/en/filler.toml"] {
        let packs = vec![PackFile { path: path.to_owned(), text: text.to_owned() }];
        let mut options = Options::default();
        options.packs = packs;
        let linter = Linter::new(options).unwrap();
        let report = linter.check(&Thread::new("We fixed it for you when all is said and done."));
        let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule.as_str()).collect();
        assert_eq!(rules, ["filler"], "{path}");
    }
}

/// A part of a phrase.
#[derive(Debug, Clone)]
struct Part {
    written: String,
    /// The same as a regular expression over words with a space behind each.
    meant: String,
    /// It may take no word.
    is_optional: bool,
}

impl Part {
    fn new(written: String, meant: String, is_optional: bool) -> Self {
        Part { written, meant, is_optional }
    }

    /// Parts joined, in both ways of writing.
    fn joined(parts: &[Part], written: &str, meant: &str) -> (String, String) {
        let list = |of: fn(&Part) -> &str| parts.iter().map(of).collect::<Vec<_>>();
        (list(|part| &part.written).join(written), list(|part| &part.meant).join(meant))
    }
}

fn part() -> impl Strategy<Value = Part> {
    let word = "w[a-d]".prop_map(|word| Part::new(word.clone(), format!("{word} "), false));
    let row = prop::collection::vec(word, 1..4).prop_map(|words| {
        let (written, meant) = Part::joined(&words, " ", "");
        Part::new(written, meant, false)
    });
    row.prop_recursive(2, 8, 3, |inner| {
        let choice = prop::collection::vec(inner.clone(), 2..4).prop_map(|branches| {
            let (written, meant) = Part::joined(&branches, "|", "|");
            let is_optional = branches.iter().any(|branch| branch.is_optional);
            Part::new(format!("({written})"), format!("(?:{meant})"), is_optional)
        });
        let option = inner
            .clone()
            .prop_map(|part| Part::new(format!("[{}]", part.written), format!("(?:{})?", part.meant), true));
        // A gap stands between words.
        let certain = inner.clone().prop_filter("may take no word", |part| !part.is_optional);
        let gap = (certain, 1..4, inner).prop_map(|(first, gap, second)| {
            let written = format!("{} ..{gap} {}", first.written, second.written);
            Part::new(written, format!("{}(?:w. ){{0,{gap}}}{}", first.meant, second.meant), false)
        });
        let any = Just(Part::new("_".to_owned(), "w. ".to_owned(), false));
        prop_oneof![3 => choice, 1 => option, 1 => gap, 1 => any]
    })
}

/// A phrase, and the same as a regular expression.
fn phrase() -> impl Strategy<Value = (String, String)> {
    let parts = prop::collection::vec(part(), 1..4);
    (any::<bool>(), parts, any::<bool>()).prop_map(|(begins, parts, ends)| {
        let (written, meant) = Part::joined(&parts, " ", "");
        let (first, last) = (if begins { "^" } else { "" }, if ends { "$" } else { "" });
        (format!("{first} <{written}> {last}"), format!("{first}{meant}{last}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What a phrase needs is looked for before it is tried: that must keep none from being found.
    #[test]
    fn a_phrase_is_found_where_a_regular_expression_finds_it(
        (written, meant) in phrase(),
        sentences in prop::collection::vec(prop::collection::vec("w[a-e]", 1..12), 1..20),
    ) {
        let file = |path: &str, text: String| PackFile { path: path.to_owned(), text };
        let rule = format!("message = \"m\"\n[[phrases]]\nmatch = [{written:?}]\n");
        let mut options = Options::default();
        options.packs = vec![file("xx/language.toml", LANGUAGE.to_owned()), file("xx/hedging.toml", rule)];
        options.only_user_packs = true;
        options.language = Some("xx".to_owned());
        // A phrase without a word that is certain is none.
        if let Ok(linter) = Linter::new(options) {
            let meant = Regex::new(&meant).unwrap();
            for sentence in sentences {
                let sentence = sentence.join(" ");
                let findings = linter.check(&Thread::new(&sentence)).findings;
                let is_found = findings.iter().any(|finding| finding.rule == "hedging");
                prop_assert_eq!(is_found, meant.is_match(&format!("{sentence} ")), "{} in {}", written, sentence);
            }
        }
    }
}
