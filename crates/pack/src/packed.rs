//! Long lists in the stored form of packs. A pack is read whenever the program starts, so they are kept in bytes of fixed
//! width, which take few steps to read. Numbers that do not fit are an error when the pack is stored.

use serde::{Deserialize, Deserializer, Serializer, de, ser};

/// What takes the same number of bytes wherever it stands, at most `SIZE` of them.
pub(crate) trait Record<const SIZE: usize>: Sized {
    /// Its bytes; `None` where it does not fit.
    fn to_bytes(&self) -> Option<[u8; SIZE]>;

    /// Reads it; `None` where the bytes are not those of [`Record::to_bytes`].
    fn from_bytes(bytes: [u8; SIZE]) -> Option<Self>;
}

/// Lists of numbers below 2^16: `#[serde(with = "packed::small")]`.
pub(crate) mod small {
    use super::{Deserializer, Serializer, bytes_of, read, write};

    pub fn serialize<T, S>(list: &[T], serializer: S) -> Result<S::Ok, S::Error>
    where
        T: Copy + TryInto<u16>,
        S: Serializer,
    {
        let number = |number: &T| Some((*number).try_into().ok()?.to_le_bytes());
        write(list.iter().map(number), serializer)
    }

    pub fn deserialize<'de, T: From<u16>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        read(bytes_of(deserializer)?, |bytes| Some(T::from(u16::from_le_bytes(bytes))))
    }
}

/// Lists of numbers that never fall, and rise by less than 2^16: `#[serde(with = "packed::rising")]`.
pub(crate) mod rising {
    use super::{Deserializer, Serializer, bytes_of, read, write};

    pub fn serialize<S: Serializer>(list: &[u32], serializer: S) -> Result<S::Ok, S::Error> {
        let mut last = 0;
        let steps = list.iter().map(|number| {
            let step = number.checked_sub(std::mem::replace(&mut last, *number))?;
            Some(u16::try_from(step).ok()?.to_le_bytes())
        });
        write(steps, serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
        let mut number = 0u32;
        read(bytes_of(deserializer)?, |bytes| {
            number = number.checked_add(u32::from(u16::from_le_bytes(bytes)))?;
            Some(number)
        })
    }
}

/// Lists of records: `#[serde(with = "packed::records")]`.
pub(crate) mod records {
    use super::{Deserializer, Record, Serializer, bytes_of, read, write};

    pub fn serialize<const SIZE: usize, T: Record<SIZE>, S: Serializer>(
        list: &[T],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        write(list.iter().map(T::to_bytes), serializer)
    }

    pub fn deserialize<'de, const SIZE: usize, T: Record<SIZE>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<T>, D::Error> {
        read(bytes_of(deserializer)?, T::from_bytes)
    }
}

/// Writes bytes of fixed width, one after the other.
fn write<const SIZE: usize, S: Serializer>(
    list: impl Iterator<Item = Option<[u8; SIZE]>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let bytes: Option<Vec<[u8; SIZE]>> = list.collect();
    let bytes = bytes.ok_or_else(|| ser::Error::custom("a pack with so large numbers cannot be stored"))?;
    serializer.serialize_bytes(bytes.as_flattened())
}

/// The bytes of a list.
fn bytes_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'de [u8], D::Error> {
    Deserialize::deserialize(deserializer)
}

/// Reads what [`write`] has written.
fn read<const SIZE: usize, T, E: de::Error>(
    bytes: &[u8],
    mut one: impl FnMut([u8; SIZE]) -> Option<T>,
) -> Result<Vec<T>, E> {
    let unreadable = || E::custom("not the numbers of a pack");
    let (chunks, []) = bytes.as_chunks() else { return Err(unreadable()) };
    let mut list = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        list.push(one(*chunk).ok_or_else(unreadable)?);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::{Deserialize, Serialize};

    use crate::pack::{Op, Phrase};

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Lists {
        #[serde(with = "crate::packed::small")]
        numbers: Vec<u32>,
        #[serde(with = "crate::packed::rising")]
        offsets: Vec<u32>,
        #[serde(with = "crate::pack::programs")]
        ops: Vec<Op>,
        #[serde(with = "crate::packed::records")]
        phrases: Vec<Phrase>,
        name: String,
    }

    fn op() -> impl Strategy<Value = Op> {
        let step = || 0u32..1 << 15;
        prop_oneof![
            any::<u16>().prop_map(Op::Word),
            any::<u16>().prop_map(Op::Class),
            (step(), step()).prop_map(|(first, second)| Op::Split(first, second)),
            (any::<u16>(), step()).prop_map(|(bit, second)| Op::SplitAt(bit, second)),
            (any::<u16>(), step()).prop_map(|(bit, end)| Op::LeaveAt(bit, end)),
            any::<u16>().prop_map(Op::Choice),
            step().prop_map(Op::Jump),
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

    fn phrase() -> impl Strategy<Value = Phrase> {
        let bits = proptest::option::of(any::<u16>());
        (
            any::<u32>(),
            any::<u16>(),
            any::<u16>(),
            any::<(u8, u8)>(),
            [bits.clone(), bits.clone(), bits],
            any::<bool>(),
        )
            .prop_map(|(start, group, written, before, [first, one, other], is_word)| Phrase {
                start,
                group,
                written: u32::from(written),
                before,
                first,
                needs: [one, other],
                is_word,
            })
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(
            numbers in proptest::collection::vec(0u32..1 << 16, 0..20),
            steps in proptest::collection::vec(any::<u16>(), 0..20),
            ops in proptest::collection::vec(op(), 0..20),
            phrases in proptest::collection::vec(phrase(), 0..20),
        ) {
            let offsets = steps.iter().scan(0, |sum, step| { *sum += u32::from(*step); Some(*sum) }).collect();
            let lists = Lists { numbers, offsets, ops, phrases, name: "Ana".into() };
            let bytes = postcard::to_allocvec(&lists).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Lists>(&bytes).unwrap(), lists);
        }

        #[test]
        fn broken_bytes_are_an_error_at_most(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = postcard::from_bytes::<Lists>(&bytes);
        }
    }

    #[test]
    fn what_does_not_fit_is_not_stored() {
        let fits = Lists {
            numbers: vec![1],
            offsets: vec![0, 5],
            ops: vec![Op::Jump(7)],
            phrases: vec![],
            name: String::new(),
        };
        assert!(postcard::to_allocvec(&fits).is_ok());
        for too_large in [
            Lists { numbers: vec![1 << 16], ..fits.clone() },
            Lists { offsets: vec![5, 4], ..fits.clone() },
            Lists { ops: vec![Op::Jump(1 << 24)], ..fits.clone() },
        ] {
            assert!(postcard::to_allocvec(&too_large).is_err(), "{too_large:?}");
        }
    }
}
