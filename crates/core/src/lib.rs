//! Checks a customer-service reply and says, at the words themselves, what will annoy or fail the customer.

mod model;

pub use model::*;
