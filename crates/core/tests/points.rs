//! Which points of a customer's message a reply leaves open.

#![allow(clippy::unwrap_used)]

use replylint::{Linter, Message, Options, Role, Thread};

/// The points that are open, as they are written.
fn open(customer: &str, reply: &str) -> Vec<String> {
    let mut thread = Thread::new(reply);
    thread.messages.push(Message::new(Role::Customer, customer));
    thread.language = Some("en".to_owned());
    let points = Linter::new(Options::default()).unwrap().check(&thread).points;
    let open = points.into_iter().filter(|point| !point.is_answered);
    open.map(|point| customer[point.span].to_owned()).collect()
}

#[test]
fn one_word_answers_a_yes_or_no_question() {
    assert!(open("Will the blue one be back in stock?", "Yes!").is_empty());
    assert_eq!(open("When will the blue one be back in stock?", "Thanks!").len(), 1);
}

#[test]
fn a_short_reply_in_other_words_answers_the_one_question() {
    let customer = "The kettle hums. Is that normal?";
    assert!(open(customer, "Hi Tom, nothing to worry about, enjoy it.").is_empty());
}

#[test]
fn a_reply_that_asks_back_takes_the_question_up() {
    let customer = "Where is my parcel?";
    assert!(open(customer, "Hi Ana, which address did you give us when you booked?").is_empty());
}

#[test]
fn what_is_forgotten_beside_an_answer_stays_open() {
    let customer = "Where is my parcel 4711? And when does the shop in Bergen open?";
    let reply = "Hi Ana, your parcel 4711 lies at the depot in Leeds and comes to you on Friday.";
    assert_eq!(open(customer, reply), ["And when does the shop in Bergen open?"]);
}

#[test]
fn an_order_number_at_the_beginning_of_an_item_is_a_part_of_it() {
    let customer = "1) 48211 is late, where is it?\n- 1234567890 when does it leave Bergen?";
    assert_eq!(
        open(customer, "Thanks!"),
        ["48211 is late, where is it?", "1234567890 when does it leave Bergen?"]
    );
}

#[test]
fn a_letter_to_somebody_else_leaves_all_open() {
    let customer = "Where is my parcel 4711? And when does the shop in Bergen open?";
    let reply = "Hello Tom,\n\nthe invoice for March is attached. It lists both lamps with their taxes, as your accountant \
                 wanted. The second copy shows the old price.\n\nBest wishes,\nMeg";
    assert_eq!(open(customer, reply).len(), 2);
}
