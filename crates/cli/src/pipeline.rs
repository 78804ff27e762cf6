//! Work on all cores, results in the order of the work.

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, mpsc};
use std::thread;

/// So many pieces of work for each worker are on their way at once. It bounds the memory: a slow piece holds back the
/// results of those after it.
const AHEAD: usize = 8;

/// Does `work` on everything from `source` with so many threads and gives the results to `finish` in order.
///
/// # Errors
/// The first error of the source, after everything before it was finished, or of `finish`, after which no more work is
/// begun.
pub(crate) fn run<J, D, E>(
    jobs: usize,
    mut source: impl Iterator<Item = Result<J, E>>,
    work: impl Fn(J) -> D + Sync,
    mut finish: impl FnMut(D) -> Result<(), E>,
) -> Result<(), E>
where
    J: Send,
    D: Send,
{
    if jobs <= 1 {
        return source.try_for_each(|job| finish(work(job?)));
    }
    // One piece needs no other thread; most runs are one reply, and a thread costs as much as a check.
    let Some(first) = source.next() else { return Ok(()) };
    let Some(second) = source.next() else { return finish(work(first?)) };
    let mut source = [first, second].into_iter().chain(source);
    let (job_sender, job_receiver) = mpsc::sync_channel::<(usize, J)>(jobs * AHEAD);
    let (done_sender, done_receiver) = mpsc::channel();
    let job_receiver = Mutex::new(job_receiver);
    thread::scope(|scope| {
        let (work, job_receiver) = (&work, &job_receiver);
        for _ in 0..jobs {
            let done_sender = done_sender.clone();
            scope.spawn(move || {
                loop {
                    let job =
                        job_receiver.lock().map_or_else(|held| held.into_inner().recv(), |jobs| jobs.recv());
                    let Ok((number, job)) = job else { return };
                    // A panic must reach the one who waits, or it would wait for ever.
                    let done = panic::catch_unwind(AssertUnwindSafe(|| work(job)));
                    if done_sender.send((number, done)).is_err() {
                        return;
                    }
                }
            });
        }
        let (mut begun, mut finished) = (0, 0);
        let mut waiting = BTreeMap::new();
        let mut failure = None;
        let mut ended = false;
        loop {
            while !ended && begun - finished < jobs * AHEAD {
                match source.next() {
                    Some(Ok(job)) => match job_sender.send((begun, job)) {
                        Ok(()) => begun += 1,
                        Err(_) => ended = true,
                    },
                    Some(Err(error)) => {
                        failure = Some(error);
                        ended = true;
                    }
                    None => ended = true,
                }
            }
            if begun == finished {
                break;
            }
            let Ok((number, done)) = done_receiver.recv() else { break };
            waiting.insert(number, done);
            while let Some(done) = waiting.remove(&finished) {
                finished += 1;
                match done {
                    Ok(done) => finish(done)?,
                    Err(panicked) => panic::resume_unwind(panicked),
                }
            }
        }
        drop(job_sender);
        failure.map_or(Ok(()), Err)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{AHEAD, run};

    #[test]
    fn results_come_in_order_and_work_is_bounded() {
        let most = AtomicUsize::new(0);
        let open = AtomicUsize::new(0);
        let source = (0..500).map(|number| {
            most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            Ok::<usize, ()>(number)
        });
        let mut results = Vec::new();
        run(
            3,
            source,
            |number| {
                (0..(500 - number) * 20).fold(number, |sum, more| std::hint::black_box(sum ^ more ^ more))
            },
            |number| {
                open.fetch_sub(1, Ordering::SeqCst);
                results.push(number);
                Ok(())
            },
        )
        .unwrap();
        assert_eq!(results, (0..500).collect::<Vec<_>>());
        assert!(most.load(Ordering::SeqCst) <= 3 * AHEAD);
    }

    #[test]
    fn errors_end_the_run() {
        for jobs in [1, 3] {
            let mut seen = Vec::new();
            let source = [Ok(1), Ok(2), Err("read"), Ok(3)].into_iter();
            let result = run(
                jobs,
                source,
                |number| number,
                |number| {
                    seen.push(number);
                    Ok(())
                },
            );
            assert_eq!((result, seen.as_slice()), (Err("read"), &[1, 2][..]));
            let result = run(jobs, (0..100).map(Ok), |number| number, |_| Err("write"));
            assert_eq!(result, Err("write"));
        }
    }
}
