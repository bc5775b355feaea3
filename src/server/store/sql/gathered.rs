//! The verbs that take many requests at once, each with its queue.

use std::sync::Arc;

use futures::future::BoxFuture;
use futures::{FutureExt, TryFutureExt};

use super::super::super::Ending;
use super::asked::AskedSend;
use super::attempts::{CountAttempts, Guess};
use super::evidence::FindEvidence;
use super::history::{FindVisitors, Visit};
use super::proving::{MarkVerified, Proof};
use super::reserving::ReserveSends;
use super::results::{MarkTaken, Taken};
use super::{Connection, Reader, Writer};
use crate::server::store::batch::{self, Answers, Gatherer, Group, Verb};
use crate::server::store::{Attempt, Proven, Reservation, StoredEvidence, StoredSession, Suspect};
use crate::verification::{SendHistory, SendRefusal};

pub(super) struct Gathered {
    pub(super) visitors: Gatherer<Visit, (Option<StoredSession>, SendHistory)>,
    pub(super) evidence: Gatherer<Suspect, StoredEvidence>,
    pub(super) reservations: Gatherer<AskedSend, Result<Reservation, SendRefusal>>,
    pub(super) results: Gatherer<Taken, ()>,
    pub(super) attempts: Gatherer<Guess, Option<Attempt>>,
    pub(super) proofs: Gatherer<Proof, Proven>,
}

impl Gathered {
    pub(super) fn start(reader: &Reader, writer: &Arc<Writer>) -> Self {
        Self {
            visitors: reads::<FindVisitors>(reader),
            evidence: reads::<FindEvidence>(reader),
            reservations: writes::<ReserveSends>(writer),
            results: writes::<MarkTaken>(writer),
            attempts: writes::<CountAttempts>(writer),
            proofs: writes::<MarkVerified>(writer),
        }
    }
}

fn reads<V: Verb<Connection>>(reader: &Reader) -> Gatherer<V::Asked, V::Answer> {
    let reader = reader.clone();
    Gatherer::start(move |group: Group<V::Asked>| {
        let reader = reader.clone();
        Box::pin(async move { Ok(of(batch::run::<_, V>(&mut *reader.acquire().await?, &group).await?)) })
    })
}

fn writes<V: Verb<Connection>>(writer: &Arc<Writer>) -> Gatherer<V::Asked, V::Answer> {
    let writer = Arc::clone(writer);
    Gatherer::start(move |group: Group<V::Asked>| {
        let writer = Arc::clone(&writer);
        Box::pin(async move {
            match (group.len(), Arc::new(group)) {
                (1, group) if !V::HAS_STEPS => writer.execute(move |db| run::<V>(db, &group).map_ok(of).boxed()).await,
                (1, group) => writer.transact(move |db| run::<V>(db, &group)).await,
                (_, group) => writer.transact_together(move |db| run::<V>(db, &group)).await,
            }
        })
    })
}

fn run<'c, V: Verb<Connection>>(
    db: &'c mut Connection,
    group: &Arc<Group<V::Asked>>,
) -> BoxFuture<'c, Result<Ending<Answers<V::Answer>>, sqlx::Error>> {
    let group = Arc::clone(group);
    Box::pin(async move { batch::run::<_, V>(db, &group).await })
}

fn of<T>(ending: Ending<T>) -> T {
    match ending {
        Ending::Commit(value) | Ending::Rollback(value) => value,
    }
}
