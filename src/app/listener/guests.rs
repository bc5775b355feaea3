//! Who is connected: how many in all and of one address, and who rested longest.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use super::Limits;
use super::pace::Progress;
use crate::server::network::network_of;

/// Everybody who is connected.
#[derive(Clone)]
pub(super) struct Guests {
    limits: Limits,
    rooms: Arc<Mutex<Rooms>>,
}

#[derive(Default)]
struct Rooms {
    next: u64,
    taken: HashMap<u64, Room>,
    of_network: HashMap<IpAddr, usize>,
}

struct Room {
    network: IpAddr,
    progress: Arc<Progress>,
    leave: CancellationToken,
}

/// One connection. Its room is free again when it is dropped.
pub(super) struct Guest {
    number: u64,
    pub(super) peer: SocketAddr,
    pub(super) progress: Arc<Progress>,
    leave: CancellationToken,
    rooms: Arc<Mutex<Rooms>>,
}

impl Guests {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, rooms: Arc::default() }
    }

    /// Lets a connection in. Where there is no room for it, the one that rested longest leaves; none when nobody rests.
    pub(super) fn admit(&self, peer: SocketAddr) -> Option<Guest> {
        let network = network_of(peer.ip());
        let mut rooms = open(&self.rooms);
        if rooms.of_network.get(&network).is_some_and(|count| *count >= self.limits.connections_of_peer) {
            rooms.send_away(|room| room.network == network)?;
        } else if rooms.taken.len() >= self.limits.connections {
            rooms.send_away(|_| true)?;
        }
        let (progress, leave) = (Arc::new(Progress::new(self.limits)), CancellationToken::new());
        let number = rooms.take(Room { network, progress: Arc::clone(&progress), leave: leave.clone() });
        Some(Guest { number, peer, progress, leave, rooms: Arc::clone(&self.rooms) })
    }

    /// Sends the one that rested longest away.
    pub(super) fn make_room(&self) {
        open(&self.rooms).send_away(|_| true);
    }
}

impl Rooms {
    fn take(&mut self, room: Room) -> u64 {
        self.next += 1;
        *self.of_network.entry(room.network).or_default() += 1;
        self.taken.insert(self.next, room);
        self.next
    }

    fn leave(&mut self, number: u64) -> Option<Room> {
        let room = self.taken.remove(&number)?;
        if let Some(count) = self.of_network.get_mut(&room.network) {
            *count -= 1;
            if *count == 0 {
                self.of_network.remove(&room.network);
            }
        }
        Some(room)
    }

    /// None when all of them have a request under way.
    fn send_away(&mut self, may_leave: impl Fn(&Room) -> bool) -> Option<()> {
        let resting = self.taken.iter().filter(|(_, room)| may_leave(room));
        let resting = resting.filter_map(|(number, room)| Some((room.progress.rests_since()?, *number)));
        let (_, number) = resting.min()?;
        self.leave(number)?.leave.cancel();
        Some(())
    }
}

impl Guest {
    /// Resolves when another needs the room.
    pub(super) async fn told_to_leave(&self) {
        self.leave.cancelled().await;
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        open(&self.rooms).leave(self.number);
    }
}

fn open(rooms: &Mutex<Rooms>) -> MutexGuard<'_, Rooms> {
    rooms.lock().unwrap_or_else(PoisonError::into_inner)
}
