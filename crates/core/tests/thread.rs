//! What a thread tells about the customer.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use replylint::{Linter, Message, Options, Role, Thread};

#[test]
fn a_name_under_a_message_is_the_customers_and_thanks_are_none() {
    let linter = Linter::new(Options::default()).unwrap();
    let name = |text: &str| {
        let mut thread = Thread::new("");
        thread.messages.push(Message::new(Role::Customer, text));
        linter.customer_name(&thread).map(str::to_owned)
    };
    for (question, thanks, signed) in [
        ("When will my order arrive?", "Many Thanks", "Grace Hill"),
        ("Când ajunge comanda mea?", "Mulțumesc", "Ioana Pop"),
        ("Когда придёт мой заказ?", "Спасибо", "Ольга Белова"),
        ("Quando arriva il mio ordine?", "Grazie", "Anna Bruni"),
        ("سفارش من کی می‌رسد؟", "ممنون", "مینا راد"),
        ("Mikor érkezik meg a rendelésem?", "Köszönöm", "Kiss Anna"),
    ] {
        assert_eq!(name(&format!("{question}\n{thanks}")), None, "{thanks}");
        assert_eq!(name(&format!("{question}\n{signed}")).as_deref(), Some(signed));
    }
}

#[test]
fn the_channels_name_comes_before_what_stands_in_a_message() {
    let linter = Linter::new(Options::default()).unwrap();
    let mut thread = Thread::new("");
    let mut message = Message::new(Role::Customer, "Where is it?\nGrace Hill");
    message.from = Some("G. Hill".to_owned());
    thread.messages.push(message);
    assert_eq!(linter.customer_name(&thread), Some("G. Hill"));
    thread.messages[0].from = Some(" ".to_owned());
    assert_eq!(linter.customer_name(&thread), Some("Grace Hill"));
    thread.messages[0].role = Role::Agent;
    assert_eq!(linter.customer_name(&thread), None);
}
