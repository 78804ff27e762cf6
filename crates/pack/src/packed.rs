//! Long lists in the form in which packs store them: bytes of fixed width, one entry after the other. An entry is read
//! where it is asked for. So a pack whose bytes are there is open as soon as its short parts are read, and what no text asks
//! for is never taken apart. Numbers that do not fit are an error when the pack is stored.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What takes the same number of bytes wherever it stands.
pub trait Record<const SIZE: usize>: Sized {
    /// Its bytes; `None` where it does not fit.
    fn to_bytes(&self) -> Option<[u8; SIZE]>;

    /// Reads the bytes of [`Record::to_bytes`]; of other bytes it makes anything.
    fn from_bytes(bytes: [u8; SIZE]) -> Self;
}

impl Record<2> for u16 {
    fn to_bytes(&self) -> Option<[u8; 2]> {
        Some(self.to_le_bytes())
    }

    fn from_bytes(bytes: [u8; 2]) -> Self {
        u16::from_le_bytes(bytes)
    }
}

impl Record<3> for u32 {
    fn to_bytes(&self) -> Option<[u8; 3]> {
        let [a, b, c, 0] = self.to_le_bytes() else { return None };
        Some([a, b, c])
    }

    fn from_bytes([a, b, c]: [u8; 3]) -> Self {
        u32::from_le_bytes([a, b, c, 0])
    }
}

/// A list of records.
#[derive(Debug, Clone)]
pub struct Packed<T, const SIZE: usize> {
    bytes: Cow<'static, [u8]>,
    records: PhantomData<T>,
}

impl<T, const SIZE: usize> Default for Packed<T, SIZE> {
    fn default() -> Self {
        Packed { bytes: Cow::Borrowed(&[]), records: PhantomData }
    }
}

impl<T: Record<SIZE>, const SIZE: usize> Packed<T, SIZE> {
    /// A list of these; `None` where one does not fit.
    pub(crate) fn new<'t>(list: impl IntoIterator<Item = &'t T>) -> Option<Self>
    where
        T: 't,
    {
        let bytes: Option<Vec<[u8; SIZE]>> = list.into_iter().map(T::to_bytes).collect();
        Some(Packed { bytes: bytes?.into_flattened().into(), records: PhantomData })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.bytes.len() / SIZE
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The record at a place; `None` behind the end.
    #[inline]
    pub fn get(&self, at: usize) -> Option<T> {
        let (records, _) = self.bytes.as_chunks();
        records.get(at).map(|record| T::from_bytes(*record))
    }

    /// The record at a place.
    ///
    /// # Panics
    /// Behind the end.
    #[inline]
    pub fn at(&self, at: usize) -> T {
        let (records, _) = self.bytes.as_chunks();
        T::from_bytes(records[at])
    }

    /// All records.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.range(0..self.len())
    }

    /// The records at some places.
    ///
    /// # Panics
    /// Where the places reach behind the end.
    pub fn range(&self, range: Range<usize>) -> impl Iterator<Item = T> + '_ {
        let (records, _) = self.bytes.as_chunks();
        records[range].iter().map(|record| T::from_bytes(*record))
    }
}

impl<T, const SIZE: usize> Serialize for Packed<T, SIZE> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.bytes)
    }
}

impl<'de: 'static, T, const SIZE: usize> Deserialize<'de> for Packed<T, SIZE> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes: &'static [u8] = Deserialize::deserialize(deserializer)?;
        Ok(Packed { bytes: Cow::Borrowed(bytes), records: PhantomData })
    }
}

/// Lists of numbers below 2^16, one after the other.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Lists {
    /// Where each list begins; one more beginning than lists.
    beginnings: Packed<u32, 3>,
    numbers: Packed<u16, 2>,
}

impl Lists {
    /// These lists; `None` where they are too long or a number is too large.
    pub(crate) fn new(lists: &[Vec<u32>]) -> Option<Self> {
        let mut beginnings = vec![0];
        let mut numbers: Vec<u16> = Vec::new();
        for list in lists {
            for number in list {
                numbers.push(u16::try_from(*number).ok()?);
            }
            beginnings.push(u32::try_from(numbers.len()).ok()?);
        }
        Some(Lists { beginnings: Packed::new(&beginnings)?, numbers: Packed::new(&numbers)? })
    }

    /// The numbers of one list; none where there is no such list.
    pub fn of(&self, list: usize) -> impl Iterator<Item = u16> + '_ {
        let range = self.beginnings.get(list).zip(self.beginnings.get(list + 1));
        self.numbers.range(range.map_or(0..0, |(first, last)| first as usize..last as usize))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Lists, Packed, Record};
    use crate::pack::{Need, Op, Phrase};

    fn op() -> impl Strategy<Value = Op> {
        let step = || 0u32..1 << 24;
        prop_oneof![
            any::<u16>().prop_map(Op::Word),
            any::<u16>().prop_map(Op::Class),
            step().prop_map(Op::Split),
            step().prop_map(Op::Leave),
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
        let need = || {
            let need = (any::<u16>(), any::<Option<(i8, i8)>>()).prop_map(|(bit, steps)| Need { bit, steps });
            proptest::option::of(need)
        };
        let numbers = (any::<u32>(), any::<u16>(), any::<u16>(), any::<(u8, u8)>());
        (numbers, any::<Option<u16>>(), [need(), need()], any::<bool>()).prop_map(
            |((start, group, written, before), first, needs, is_word)| Phrase {
                start,
                group,
                written: u32::from(written),
                before,
                first,
                needs,
                is_word,
            },
        )
    }

    fn is_kept<T, const SIZE: usize>(list: &[T]) -> Result<(), TestCaseError>
    where
        T: Record<SIZE> + PartialEq + Clone + std::fmt::Debug,
    {
        let packed = Packed::<T, SIZE>::new(list).unwrap();
        let bytes: &'static [u8] = postcard::to_allocvec(&packed).unwrap().leak();
        let read: Packed<T, SIZE> = postcard::from_bytes(bytes).unwrap();
        prop_assert_eq!(read.len(), list.len());
        prop_assert_eq!(read.range(0..list.len()).collect::<Vec<T>>(), list);
        prop_assert_eq!(read.iter().collect::<Vec<T>>(), list);
        prop_assert_eq!(read.get(list.len()), None);
        prop_assert_eq!(read.get(0), list.first().cloned());
        Ok(())
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(
            numbers in proptest::collection::vec(0u32..1 << 24, 0..20),
            ops in proptest::collection::vec(op(), 0..20),
            phrases in proptest::collection::vec(phrase(), 0..20),
        ) {
            is_kept::<u32, 3>(&numbers)?;
            is_kept::<Op, 6>(&ops)?;
            is_kept::<Phrase, 21>(&phrases)?;
        }

        #[test]
        fn lists_come_back(lists in proptest::collection::vec(proptest::collection::vec(0u32..1 << 16, 0..5), 0..9)) {
            let packed = Lists::new(&lists).unwrap();
            for (at, list) in lists.iter().enumerate() {
                prop_assert_eq!(&packed.of(at).map(u32::from).collect::<Vec<_>>(), list);
            }
            prop_assert_eq!(packed.of(lists.len()).next(), None);
        }

        #[test]
        fn any_bytes_make_something(bytes in any::<[u8; 21]>()) {
            let [a, b, c, d, e, f, ..] = bytes;
            let _ = <Op as Record<6>>::from_bytes([a, b, c, d, e, f]);
            let _ = <Phrase as Record<21>>::from_bytes(bytes);
        }
    }

    #[test]
    fn what_does_not_fit_is_not_packed() {
        assert!(Packed::<u32, 3>::new(&[1 << 24]).is_none());
        assert!(Packed::<Op, 6>::new(&[Op::Jump(1 << 24)]).is_none());
        assert!(Lists::new(&[vec![1 << 16]]).is_none());
        assert!(Lists::new(&[vec![1]]).is_some());
    }
}
