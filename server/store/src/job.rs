//! One write that waits to be run: the closure, its outcome, and who wants to know.

use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    task::Poll,
};

use tokio::sync::oneshot;

use crate::{Error, Tx};

/// What the closure of `Store::write` gives back.
pub type Work<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

/// Whether the writes of a job stay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    Keep,
    Undo,
}

/// A write without its types.
pub(crate) trait Job: Send {
    /// Whether somebody still waits for the answer. A request that was cancelled before its turn is not run.
    fn is_wanted(&self) -> bool;

    /// Runs the closure and keeps what it answered.
    fn run<'t>(&'t mut self, tx: &'t Tx) -> Pin<Box<dyn Future<Output = Verdict> + Send + 't>>;

    /// Tells the caller: what the closure answered if `stored` is fine, else that nothing was stored.
    fn answer(self: Box<Self>, stored: Result<(), Error>);
}

/// A write with its types.
pub(crate) struct Write<T, E, F> {
    closure: Option<F>,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Write<T, E, F> {
    pub(crate) fn new(closure: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (caller, answer) = oneshot::channel();
        let write = Self {
            closure: Some(closure),
            outcome: None,
            caller,
        };
        (write, answer)
    }
}

impl<T, E, F> Job for Write<T, E, F>
where
    T: Send,
    E: From<Error> + Send,
    F: for<'t> FnOnce(&'t Tx) -> Work<'t, T, E> + Send,
{
    fn is_wanted(&self) -> bool {
        !self.caller.is_closed()
    }

    fn run<'t>(&'t mut self, tx: &'t Tx) -> Pin<Box<dyn Future<Output = Verdict> + Send + 't>> {
        Box::pin(async move {
            let Some(closure) = self.closure.take() else {
                return Verdict::Undo;
            };
            let outcome = perform(closure, tx).await;
            let verdict = match outcome {
                Ok(_) => Verdict::Keep,
                Err(_) => Verdict::Undo,
            };
            self.outcome = Some(outcome);
            verdict
        })
    }

    fn answer(self: Box<Self>, stored: Result<(), Error>) {
        let outcome = match (stored, self.outcome) {
            (Err(error), None | Some(Ok(_))) => Err(E::from(error)),
            (_, Some(outcome)) => outcome,
            (Ok(()), None) => Err(E::from(Error::Shutdown)),
        };
        // A caller who went away meanwhile does not want to know.
        let _ = self.caller.send(outcome);
    }
}

tokio::task_local! {
    /// Set while a closure runs.
    static INSIDE: ();
}

/// Whether this is called from inside a write. Another write from there would wait for the lane, which waits
/// for it.
pub(crate) fn is_inside_write() -> bool {
    INSIDE.try_with(|()| ()).is_ok()
}

/// Runs a closure to its answer. A panic becomes [`Error::Broken`], and so does an answer `Ok` after a
/// statement failed: such a transaction cannot be stored.
pub(crate) async fn perform<T, E, F>(closure: F, tx: &Tx) -> Result<T, E>
where
    E: From<Error>,
    F: for<'t> FnOnce(&'t Tx) -> Work<'t, T, E>,
{
    let outcome = INSIDE.scope((), catch(closure, tx)).await;
    match (outcome, tx.spoiled()) {
        (Ok(Ok(_)), Some(error)) => Err(E::from(error)),
        (Ok(outcome), _) => outcome,
        (Err(panic), _) => Err(E::from(Error::Broken(format!(
            "a write panicked: {}",
            words(panic.as_ref())
        )))),
    }
}

/// The transaction of a closure that panicked is rolled back, so nobody sees what it left half done.
async fn catch<T, E, F>(closure: F, tx: &Tx) -> Result<Result<T, E>, Box<dyn Any + Send>>
where
    F: for<'t> FnOnce(&'t Tx) -> Work<'t, T, E>,
{
    let mut work = pin!(catch_unwind(AssertUnwindSafe(|| closure(tx)))?);
    poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(outcome)) => Poll::Ready(Ok(outcome)),
            Err(panic) => Poll::Ready(Err(panic)),
        },
    )
    .await
}

fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without words")
}
