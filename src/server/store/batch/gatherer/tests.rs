//! Which requests come together, and what becomes of those that do not.

use futures::FutureExt;

use super::*;

struct Request {
    n: usize,
    key: Option<&'static str>,
}

impl Asked for Request {
    fn keys(&self) -> Vec<String> {
        self.key.iter().map(|key| (*key).to_owned()).collect()
    }
}

/// A gatherer that answers with the number asked for, and the groups that it made. The first of them waits for a word.
struct Watched {
    gatherer: Gatherer<Request, usize>,
    groups: Arc<Mutex<Vec<Vec<usize>>>>,
    first: Arc<Notify>,
}

impl Watched {
    /// Where a group has one of these and others, it does not go together.
    fn start(apart: Option<usize>) -> Self {
        let (groups, first) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
        let (made, word) = (Arc::clone(&groups), Arc::clone(&first));
        let gatherer = Gatherer::start(move |group: Group<Request>| {
            let asked: Vec<usize> = group.iter().map(|member| member.asked.n).collect();
            made.lock().expect("lock").push(asked.clone());
            let (is_first, word) = (made.lock().expect("lock").len() == 1, Arc::clone(&word));
            Box::pin(async move {
                if is_first {
                    word.notified().await;
                }
                let is_apart = asked.len() > 1 && apart.is_some_and(|n| asked.contains(&n));
                Ok((!is_apart).then(|| asked.into_iter().map(Some).collect()))
            })
        });
        Self { gatherer, groups, first }
    }

    /// Asks for all at once, while the first waits; the answers in their order.
    async fn ask(&self, keys: &[Option<&'static str>]) -> Vec<usize> {
        let all = join_all(keys.iter().enumerate().map(|(n, key)| self.gatherer.ask(Request { n, key: *key })));
        let (told, ()) = tokio::join!(all, async {
            tokio::task::yield_now().await;
            self.first.notify_one();
        });
        told.into_iter().map(|told| told.expect("answered")).collect()
    }

    fn sizes(&self) -> Vec<usize> {
        self.groups.lock().expect("lock").iter().map(Vec::len).collect()
    }
}

#[tokio::test]
async fn who_comes_while_one_is_written_comes_together() {
    let watched = Watched::start(None);
    assert_eq!(watched.ask(&[None; 100]).await, (0..100).collect::<Vec<_>>(), "each has the answer to what it asked");
    let sizes = watched.sizes();
    assert_eq!(sizes.iter().sum::<usize>(), 100);
    assert!(sizes.len() <= 3 && sizes.iter().all(|size| *size <= MAX_GROUP), "{sizes:?}");
}

#[tokio::test]
async fn who_shares_a_key_waits_for_the_next_group_and_nobody_overtakes() {
    let watched = Watched::start(None);
    watched.ask(&[None, Some("a"), Some("b"), Some("a"), Some("b"), Some("a")]).await;
    let order = |key: usize| -> Vec<usize> {
        let groups = watched.groups.lock().expect("lock").clone();
        groups.into_iter().flatten().filter(|n| [[1, 3, 5], [2, 4, 0]][key].contains(n) && *n > 0).collect()
    };
    assert_eq!((order(0), order(1)), (vec![1, 3, 5], vec![2, 4]));
    for group in watched.groups.lock().expect("lock").iter() {
        assert!(group.iter().filter(|n| [1, 3, 5].contains(*n)).count() <= 1, "{group:?}");
    }
}

#[tokio::test]
async fn a_group_that_does_not_go_together_is_asked_one_by_one() {
    let watched = Watched::start(Some(4));
    assert_eq!(watched.ask(&[None; 8]).await, (0..8).collect::<Vec<_>>());
    let alone = watched.groups.lock().expect("lock").iter().filter(|group| **group == [4]).count();
    assert_eq!(alone, 1);
}

#[tokio::test]
async fn what_nobody_waits_for_is_not_asked() {
    let watched = Watched::start(None);
    let first = watched.gatherer.ask(Request { n: 0, key: None });
    let mut first = Box::pin(first);
    assert!(first.as_mut().now_or_never().is_none());
    tokio::task::yield_now().await;
    let left = Box::pin(watched.gatherer.ask(Request { n: 1, key: None })).as_mut().now_or_never();
    assert!(left.is_none(), "it left");
    watched.first.notify_one();
    assert_eq!(first.await.expect("answered"), 0);
    assert_eq!(watched.gatherer.ask(Request { n: 2, key: None }).await.expect("answered"), 2);
    assert_eq!(*watched.groups.lock().expect("lock"), [vec![0], vec![2]]);
}

#[tokio::test]
async fn who_shares_a_key_with_a_slow_group_waits_for_it_and_others_do_not() {
    let watched = Watched::start(None);
    let ask = |n, key| watched.gatherer.ask(Request { n, key: Some(key) });
    let (told, ()) = tokio::join!(join_all([ask(0, "a"), ask(1, "a"), ask(2, "b")]), async {
        tokio::time::sleep(PATIENCE * 2).await;
        assert_eq!(ask(3, "c").await.expect("answered"), 3, "the first takes long, and others need not wait");
        assert_eq!(*watched.groups.lock().expect("lock"), [vec![0, 2], vec![3]]);
        watched.first.notify_one();
    });
    assert!(told.iter().all(Result::is_ok));
    assert_eq!(*watched.groups.lock().expect("lock"), [vec![0, 2], vec![3], vec![1]]);
}
