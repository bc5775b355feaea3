//! The queue of one verb, and who asks it.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};
use tokio::time::timeout;

use super::{Answers, Asked, Group, Member};
use crate::server::store::{StoreFault, Stored};

/// The most requests of a group: the first of them waits for all the others.
const MAX_GROUP: usize = 64;
/// How many requests may wait before their callers wait for a place in the queue.
const MAX_QUEUE: usize = 1024;
/// How long the next group waits for the one before. One that takes longer waits for a lock that somebody else holds, which is no reason to let
/// everybody wait.
const PATIENCE: Duration = Duration::from_millis(100);
/// How many groups that take longer go on beside the others.
const MAX_SLOW: usize = 4;

type Work<Q, A> = dyn Fn(Group<Q>) -> BoxFuture<'static, Stored<Answers<A>>> + Send + Sync;

struct Waiting<Q, A> {
    member: Arc<Member<Q>>,
    caller: oneshot::Sender<Stored<A>>,
}

/// Where requests of one kind queue up. It ends with what is in the queue when this is dropped.
pub(in crate::server::store) struct Gatherer<Q, A> {
    queue: mpsc::Sender<Waiting<Q, A>>,
}

impl<Q: Asked, A: Send + 'static> Gatherer<Q, A> {
    pub(in crate::server::store) fn start(
        work: impl Fn(Group<Q>) -> BoxFuture<'static, Stored<Answers<A>>> + Send + Sync + 'static,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(MAX_QUEUE);
        tokio::spawn(serve(waiting, Arc::new(work)));
        Self { queue }
    }

    /// Waits for a place, for the group's turn, and for its commit.
    pub(in crate::server::store) async fn ask(&self, asked: Q) -> Stored<A> {
        let here = Arc::new(());
        let (caller, answer) = oneshot::channel();
        let member = Arc::new(Member { asked, caller: Arc::downgrade(&here) });
        self.queue.send(Waiting { member, caller }).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        let answer = answer.await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()));
        drop(here);
        answer
    }
}

/// What slow groups may change: whoever shares it waits for them.
#[derive(Default)]
struct Held {
    keys: Mutex<HashSet<String>>,
    freed: Notify,
}

impl Held {
    fn open(&self) -> MutexGuard<'_, HashSet<String>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keys(&self) -> HashSet<String> {
        self.open().clone()
    }

    fn take(&self, keys: &[String]) {
        self.open().extend(keys.iter().cloned());
    }

    fn free(&self, keys: &[String]) {
        let mut held = self.open();
        for key in keys {
            held.remove(key);
        }
        self.freed.notify_one();
    }
}

async fn serve<Q: Asked, A: Send + 'static>(mut queue: mpsc::Receiver<Waiting<Q, A>>, work: Arc<Work<Q, A>>) {
    let (slow, held) = (Arc::new(Semaphore::new(MAX_SLOW)), Arc::new(Held::default()));
    let mut line = VecDeque::new();
    while let Some(group) = next_group(&mut queue, &mut line, &held).await {
        let keys: Vec<String> = group.iter().flat_map(|waiting| waiting.member.asked.keys()).collect();
        let mut answering = Box::pin(answer(Arc::clone(&work), group));
        if timeout(PATIENCE, &mut answering).await.is_err() {
            let permit = Arc::clone(&slow).acquire_owned().await;
            held.take(&keys);
            let held = Arc::clone(&held);
            tokio::spawn(async move {
                answering.await;
                held.free(&keys);
                drop(permit);
            });
        }
    }
}

async fn next_group<Q: Asked, A>(
    queue: &mut mpsc::Receiver<Waiting<Q, A>>,
    line: &mut VecDeque<Waiting<Q, A>>,
    held: &Held,
) -> Option<Vec<Waiting<Q, A>>> {
    loop {
        if line.is_empty() {
            line.push_back(queue.recv().await?);
        }
        while line.len() < 2 * MAX_GROUP {
            let Ok(waiting) = queue.try_recv() else { break };
            line.push_back(waiting);
        }
        line.retain(|waiting| waiting.member.is_awaited());
        let group = take_group(line, held.keys());
        if !group.is_empty() {
            return Some(group);
        }
        if !line.is_empty() {
            // Everybody in the line waits for a slow group.
            tokio::select! {
                () = held.freed.notified() => {}
                Some(waiting) = queue.recv() => line.push_back(waiting),
            }
        }
    }
}

/// Takes those who go together out of the line. Nobody overtakes one with whom they share a key.
fn take_group<Q: Asked, A>(line: &mut VecDeque<Waiting<Q, A>>, mut taken: HashSet<String>) -> Vec<Waiting<Q, A>> {
    let (mut group, mut left): (Vec<Waiting<Q, A>>, VecDeque<_>) = (Vec::new(), VecDeque::new());
    for waiting in line.drain(..) {
        let keys = waiting.member.asked.keys();
        let is_free = group.len() < MAX_GROUP
            && keys.iter().all(|key| !taken.contains(key))
            && group.first().is_none_or(|first| waiting.member.asked.goes_with(&first.member.asked));
        taken.extend(keys);
        if is_free { group.push(waiting) } else { left.push_back(waiting) }
    }
    *line = left;
    group
}

async fn answer<Q: Asked, A: Send + 'static>(work: Arc<Work<Q, A>>, waiting: Vec<Waiting<Q, A>>) {
    match run_for(&*work, &waiting).await {
        Ok(Some(answers)) => tell(waiting, answers),
        Ok(None) => drop(join_all(waiting.into_iter().map(|alone| answer_alone(&*work, alone))).await),
        Err(fault) => fail(waiting, fault),
    }
}

async fn answer_alone<Q: Asked, A: Send + 'static>(work: &Work<Q, A>, waiting: Waiting<Q, A>) {
    let alone = vec![waiting];
    match run_for(work, &alone).await {
        Ok(Some(answers)) => tell(alone, answers),
        Ok(None) => fail(alone, StoreFault("the verb was not run to its end".into())),
        Err(fault) => fail(alone, fault),
    }
}

async fn run_for<Q, A>(work: &Work<Q, A>, waiting: &[Waiting<Q, A>]) -> Stored<Answers<A>> {
    let group = waiting.iter().map(|waiting| Arc::clone(&waiting.member)).collect();
    work(group).await
}

fn tell<Q, A>(waiting: Vec<Waiting<Q, A>>, answers: Vec<Option<A>>) {
    for (waiting, answer) in waiting.into_iter().zip(answers) {
        // A caller that is gone has been told that it waited too long.
        if let Some(answer) = answer {
            let _ = waiting.caller.send(Ok(answer));
        }
    }
}

fn fail<Q, A>(waiting: Vec<Waiting<Q, A>>, fault: StoreFault) {
    let why = fault.0.to_string();
    let mut fault = Some(fault);
    for waiting in waiting {
        let fault = fault.take().unwrap_or_else(|| StoreFault(why.as_str().into()));
        let _ = waiting.caller.send(Err(fault));
    }
}

#[cfg(test)]
mod tests;
