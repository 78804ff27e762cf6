//! Long lists of numbers in the stored form of packs: few bytes, read with few steps, because a pack is read whenever the
//! program starts.
//!
//! A number is a row of bytes with seven bits in each, the least first; the high bit says that more follow. Fields of
//! packs take part with `#[serde(with = "crate::packed")]`.

use serde::{Deserialize, Deserializer, Serializer, de};

/// What is stored as a few numbers.
pub(crate) trait Packed: Sized {
    /// Appends its numbers; `at` is its place in the list.
    fn pack(&self, at: usize, numbers: &mut Vec<u8>);

    /// Reads it; `None` where the bytes are not those of [`Packed::pack`].
    fn unpack(at: usize, numbers: &mut Numbers<'_>) -> Option<Self>;
}

/// Numbers to be read.
#[derive(Debug)]
pub(crate) struct Numbers<'b> {
    bytes: &'b [u8],
}

impl Numbers<'_> {
    /// The next number.
    #[inline]
    pub fn next(&mut self) -> Option<u32> {
        let (first, mut rest) = self.bytes.split_first()?;
        let mut number = u32::from(first & 0x7f);
        let mut last = *first;
        let mut shift = 7;
        while last >= 0x80 {
            let (next, more) = rest.split_first()?;
            number |= u32::from(next & 0x7f).checked_shl(shift)?;
            (last, rest, shift) = (*next, more, shift + 7);
        }
        self.bytes = rest;
        Some(number)
    }

    /// The next number, which is small.
    #[inline]
    pub fn small<T: TryFrom<u32>>(&mut self) -> Option<T> {
        T::try_from(self.next()?).ok()
    }

    /// A number that was written by its distance from `at`.
    #[inline]
    pub fn near(&mut self, at: usize) -> Option<u32> {
        Some(from_distance(self.next()?, at))
    }
}

/// Appends a number.
pub(crate) fn push(numbers: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        numbers.push(number as u8 | 0x80);
        number >>= 7;
    }
    numbers.push(number as u8);
}

/// How far a number is from `at`, as a number that is small where it is near on either side.
pub(crate) fn distance(number: u32, at: usize) -> u32 {
    let distance = number.wrapping_sub(at as u32) as i32;
    (distance << 1 ^ distance >> 31) as u32
}

/// The number that is so far from `at`.
pub(crate) fn from_distance(distance: u32, at: usize) -> u32 {
    let distance = (distance >> 1) as i32 ^ -((distance & 1) as i32);
    (at as u32).wrapping_add(distance as u32)
}

pub(crate) fn serialize<T: Packed, S: Serializer>(list: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    let mut numbers = Vec::new();
    push(&mut numbers, list.len() as u32);
    list.iter().enumerate().for_each(|(at, one)| one.pack(at, &mut numbers));
    serializer.serialize_bytes(&numbers)
}

pub(crate) fn deserialize<'de, T: Packed, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let mut numbers = Numbers { bytes: Deserialize::deserialize(deserializer)? };
    let unreadable = || de::Error::custom("not the numbers of a pack");
    let length = numbers.next().ok_or_else(unreadable)? as usize;
    // Each takes a byte at least, so that broken bytes ask for no more memory than they have.
    let mut list = Vec::with_capacity(length.min(numbers.bytes.len()));
    for at in 0..length {
        list.push(T::unpack(at, &mut numbers).ok_or_else(unreadable)?);
    }
    Ok(list)
}

impl Packed for u16 {
    fn pack(&self, _: usize, numbers: &mut Vec<u8>) {
        push(numbers, u32::from(*self));
    }

    fn unpack(_: usize, numbers: &mut Numbers<'_>) -> Option<Self> {
        numbers.small()
    }
}

impl Packed for u32 {
    fn pack(&self, _: usize, numbers: &mut Vec<u8>) {
        push(numbers, *self);
    }

    fn unpack(_: usize, numbers: &mut Numbers<'_>) -> Option<Self> {
        numbers.next()
    }
}

impl Packed for u64 {
    fn pack(&self, _: usize, numbers: &mut Vec<u8>) {
        push(numbers, *self as u32);
        push(numbers, (*self >> 32) as u32);
    }

    fn unpack(_: usize, numbers: &mut Numbers<'_>) -> Option<Self> {
        Some(u64::from(numbers.next()?) | u64::from(numbers.next()?) << 32)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use super::{distance, from_distance};
    use crate::pack::Op;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Lists {
        #[serde(with = "crate::packed")]
        numbers: Vec<u32>,
        #[serde(with = "crate::packed")]
        marks: Vec<u64>,
        #[serde(with = "crate::packed")]
        ops: Vec<Op>,
        name: String,
    }

    fn op() -> impl Strategy<Value = Op> {
        prop_oneof![
            any::<u16>().prop_map(Op::Word),
            any::<u16>().prop_map(Op::Class),
            any::<(u32, u32)>().prop_map(|(first, second)| Op::Split(first, second)),
            any::<(u16, u32)>().prop_map(|(bit, second)| Op::SplitAt(bit, second)),
            any::<u32>().prop_map(Op::Jump),
            any::<u16>().prop_map(Op::NotNext),
            any::<u16>().prop_map(Op::NotBefore),
            proptest::sample::select(vec![
                Op::ClauseWord,
                Op::AnyWord,
                Op::SameClause,
                Op::SentenceStart,
                Op::SentenceEnd,
                Op::ClauseEnd,
                Op::MarkOpen,
                Op::MarkClose,
                Op::Match,
            ]),
        ]
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(
            numbers in proptest::collection::vec(any::<u32>(), 0..20),
            marks in proptest::collection::vec(any::<u64>(), 0..20),
            ops in proptest::collection::vec(op(), 0..20),
        ) {
            let lists = Lists { numbers, marks, ops, name: "Ana".into() };
            let bytes = postcard::to_allocvec(&lists).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Lists>(&bytes).unwrap(), lists);
        }

        #[test]
        fn broken_bytes_are_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = postcard::from_bytes::<Lists>(&bytes);
        }

        #[test]
        fn distances_come_back(number in any::<u32>(), at in any::<u32>()) {
            prop_assert_eq!(from_distance(distance(number, at as usize), at as usize), number);
        }
    }
}
