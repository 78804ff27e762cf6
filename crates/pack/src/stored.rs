//! What a build stores in the program: the compiled packs, shrunk so that they are restored in a millisecond; the cards,
//! ready to use; and the packs' files, packed more tightly, because they are read only where a user adds to a language or
//! asks for its examples.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::{Card, Error, Unreadable};

/// Shrinks bytes to about two thirds.
///
/// ```
/// let bytes = b"soon, sooner, soonest, soon, sooner, soonest".repeat(9);
/// let shrunk = replylint_pack::shrink(&bytes);
/// assert!(shrunk.len() < bytes.len() / 2);
/// assert_eq!(replylint_pack::restore(&shrunk).ok(), Some(bytes));
/// ```
pub fn shrink(bytes: &[u8]) -> Vec<u8> {
    lz4_flex::compress_prepend_size(bytes)
}

/// Restores what [`shrink`] made.
///
/// # Errors
/// Where the bytes are not of it.
pub fn restore(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    lz4_flex::decompress_size_prepended(bytes).map_err(|_| Unreadable)
}

/// Stores cards as bytes.
///
/// # Errors
/// Never in practice; the encoder's signature asks for it.
pub fn cards_to_bytes(cards: &[Card]) -> Result<Vec<u8>, Error> {
    postcard::to_allocvec(cards).map_err(|error| Error::new(error.to_string()))
}

/// Reads what [`cards_to_bytes`] wrote.
///
/// # Errors
/// Where the bytes are not of this version.
pub fn cards_from_bytes(bytes: &[u8]) -> Result<Vec<Card>, Unreadable> {
    postcard::from_bytes(bytes).map_err(|_| Unreadable)
}

/// Stores a language's files, path to text, as bytes: about a quarter of their length.
///
/// # Errors
/// Never in practice; the encoder's signature asks for it.
pub fn files_to_bytes(files: &BTreeMap<String, String>) -> Result<Vec<u8>, Error> {
    let bytes = postcard::to_allocvec(files).map_err(|error| Error::new(error.to_string()))?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes).and_then(|()| encoder.finish()).map_err(|error| Error::new(error.to_string()))
}

/// Reads what [`files_to_bytes`] wrote.
///
/// # Errors
/// Where the bytes are not of this version.
pub fn files_from_bytes(bytes: &[u8]) -> Result<BTreeMap<String, String>, Unreadable> {
    let mut plain = Vec::new();
    DeflateDecoder::new(bytes).read_to_end(&mut plain).map_err(|_| Unreadable)?;
    postcard::from_bytes(&plain).map_err(|_| Unreadable)
}

#[cfg(test)]
mod tests {
    use super::{cards_from_bytes, cards_to_bytes, files_from_bytes, files_to_bytes};
    use crate::Card;
    use std::collections::BTreeMap;

    #[test]
    fn what_is_stored_is_read() {
        let text = "title = \"T\"\ncategory = \"tone\"\nseverity = \"hint\"\nwhat = \"w\"\nwhy = \"y\"\n\
                    instead = \"i\"\nyields-to = [\"b\"]\n";
        let card = Card::read("catalogue/a-rule.toml", text).unwrap();
        let bytes = cards_to_bytes(std::slice::from_ref(&card)).unwrap();
        assert_eq!(format!("{:?}", cards_from_bytes(&bytes).unwrap()), format!("{:?}", [card]));
        assert!(cards_from_bytes(&bytes[..bytes.len() - 1]).is_err());

        let files = BTreeMap::from([("xx/a.toml".to_owned(), "é = \"á\"\n".repeat(500))]);
        let bytes = files_to_bytes(&files).unwrap();
        assert!(bytes.len() < 200);
        assert_eq!(files_from_bytes(&bytes).unwrap(), files);
        assert!(files_from_bytes(&bytes[..bytes.len() / 2]).is_err());
    }
}
