//! Things that are dear to make and are kept between uses: one for each use at the same time.

use std::sync::Mutex;

/// Those that nobody is using.
#[derive(Debug, Default)]
pub(crate) struct Pool<T> {
    idle: Mutex<Vec<T>>,
}

impl<T: Default> Pool<T> {
    /// Does some work with one of them, or with a new one where all are in use.
    pub fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let mut one = self.idle.lock().ok().and_then(|mut idle| idle.pop()).unwrap_or_default();
        let done = work(&mut one);
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(one);
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use super::Pool;

    #[test]
    fn what_was_used_is_used_again_unless_it_is_in_use() {
        let pool: Pool<u32> = Pool::default();
        pool.with(|one| *one += 1);
        pool.with(|one| {
            assert_eq!(*one, 1);
            pool.with(|other| assert_eq!(*other, 0));
        });
    }
}
