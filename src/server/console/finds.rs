//! The numbers that operators looked up, by names that may stand in an address.
//!
//! They are in no table, where each would have to be erased again with its person, and each is good for the session that asked.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::server::entropy;
use crate::verification::PhoneNumber;

/// How many are kept: few people are at a console.
const MAX_FINDS: usize = 512;

struct Find {
    id: String,
    session: String,
    number: PhoneNumber,
    /// How many sends were lifted, to be told once.
    lifted: Option<u64>,
}

/// What was looked up, oldest first.
#[derive(Default)]
pub(crate) struct Finds(Mutex<VecDeque<Find>>);

impl Finds {
    /// Keeps a number, and gives the name that it has for this session.
    pub(crate) fn add(&self, session: &str, number: PhoneNumber) -> String {
        let id = entropy::new_id();
        let mut finds = self.open();
        while finds.len() >= MAX_FINDS {
            finds.pop_front();
        }
        finds.push_back(Find { id: id.clone(), session: session.to_owned(), number, lifted: None });
        id
    }

    pub(crate) fn find(&self, session: &str, id: &str) -> Option<PhoneNumber> {
        self.open().iter().find(|find| find.id == id && find.session == session).map(|find| find.number.clone())
    }

    /// Keeps how many sends were lifted, for the page that comes next.
    pub(crate) fn note_lifted(&self, session: &str, id: &str, sends: u64) {
        if let Some(find) = self.open().iter_mut().find(|find| find.id == id && find.session == session) {
            find.lifted = Some(sends);
        }
    }

    pub(crate) fn take_lifted(&self, session: &str, id: &str) -> Option<u64> {
        self.open().iter_mut().find(|find| find.id == id && find.session == session)?.lifted.take()
    }

    /// Forgets all that a session looked up.
    pub(crate) fn forget(&self, session: &str) {
        self.open().retain(|find| find.session != session);
    }

    fn open(&self) -> MutexGuard<'_, VecDeque<Find>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_find_is_good_for_its_session_and_few_are_kept() {
        let (finds, number) = (Finds::default(), PhoneNumber::from_stored("+821012345678".into()));
        let id = finds.add("a", number.clone());
        assert_eq!((finds.find("a", &id), finds.find("b", &id)), (Some(number.clone()), None));
        finds.note_lifted("b", &id, 3);
        assert_eq!(finds.take_lifted("a", &id), None);
        finds.note_lifted("a", &id, 3);
        assert_eq!((finds.take_lifted("a", &id), finds.take_lifted("a", &id)), (Some(3), None));
        let other = finds.add("b", number.clone());
        finds.forget("a");
        assert_eq!((finds.find("a", &id), finds.find("b", &other)), (None, Some(number.clone())));
        for _ in 0..MAX_FINDS {
            finds.add("c", number.clone());
        }
        assert_eq!((finds.find("b", &other), finds.open().len()), (None, MAX_FINDS));
    }
}
