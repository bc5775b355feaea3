//! Every way in which a vendor fails, met by every sender: what each takes it for. Printed as a table.

mod faults;

use std::fmt::Debug;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use tokio::net::TcpSocket;

use super::fake_vendor::{FakeVendor, Script, kind_of, speaks_first};
use super::{ProviderFault, TIME_LIMIT, http_hook, sens, sens_alimtalk, solapi, twilio_messaging, twilio_verify};
use faults::{Fault, faults};

/// How many cells are played at once: most of the time a cell waits for its time limit.
const CELLS_AT_ONCE: usize = 12;

/// A question to a vendor, and how that one writes what all of them write.
pub(super) struct Column {
    pub(super) name: &'static str,
    /// Asks at an address, within a time.
    pub(super) ask: fn(String, Duration) -> BoxFuture<'static, Heard>,
    /// The status of a success.
    pub(super) status: u16,
    /// The body of one.
    pub(super) whole: String,
    /// The body of one with an error in it.
    pub(super) error_inside: String,
    /// The body of one that is about somebody else; none where it names nobody.
    pub(super) of_another: Option<String>,
}

/// What a sender took an answer for, and all that it tells of it.
pub(super) struct Heard {
    meaning: &'static str,
    told: String,
}

impl Heard {
    pub(super) fn of<T: Debug>(result: &Result<T, ProviderFault>, success: impl FnOnce(&T) -> &'static str) -> Self {
        Self { meaning: result.as_ref().map_or_else(kind_of, success), told: format!("{result:?}") }
    }
}

/// What is at the vendor's address.
enum Trouble {
    Answer(Script),
    NobodyListens,
    NoTls,
}

/// A trouble for one sender, and what it must be taken for.
struct Cell<'a> {
    row: String,
    column: &'a Column,
    trouble: Trouble,
    means: &'static str,
}

struct Played {
    row: String,
    column: &'static str,
    heard: Heard,
    means: &'static str,
}

impl Cell<'_> {
    async fn play(self) -> Played {
        let Self { row, column, trouble, means } = self;
        let heard = match trouble {
            Trouble::Answer(script) => {
                let limit = script.time_limit();
                let vendor = FakeVendor::start(vec![script]).await;
                (column.ask)(vendor.base_url(), limit).await
            }
            Trouble::NobodyListens => {
                // Bound for as long as it is asked, so that no other test listens there.
                let socket = TcpSocket::new_v4().expect("a socket");
                socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
                let address = socket.local_addr().expect("an address");
                (column.ask)(format!("http://{address}"), TIME_LIMIT).await
            }
            Trouble::NoTls => {
                let address = speaks_first(b"220 mail.example.com ESMTP\r\n").await;
                (column.ask)(format!("https://{address}"), TIME_LIMIT).await
            }
        };
        Played { row, column: column.name, heard, means }
    }
}

impl Fault {
    /// The fault at one sender; none where its vendor cannot fail so.
    fn cell<'a>(&self, column: &'a Column) -> Option<Cell<'a>> {
        Some(Cell { row: self.name.to_owned(), column, trouble: self.trouble(column)?, means: self.means_to(column) })
    }
}

async fn play_all<'a>(cells: impl Iterator<Item = Cell<'a>>) -> Vec<Played> {
    stream::iter(cells).map(Cell::play).buffered(CELLS_AT_ONCE).collect().await
}

fn assert_right(played: &[Played]) {
    let wrong = played.iter().filter(|cell| cell.heard.meaning != cell.means);
    let wrong: Vec<_> =
        wrong.map(|cell| format!("{}, {}: {}, not {}", cell.column, cell.row, cell.heard.told, cell.means)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Plays answers of one vendor's own, prints what each is taken for, and fails with all that were taken for something else.
pub(super) async fn assert_meanings<N: Into<String>>(column: &Column, rows: impl IntoIterator<Item = (N, Script, &'static str)>) {
    let answer = |(row, script, means): (N, Script, _)| Cell { row: row.into(), column, trouble: Trouble::Answer(script), means };
    let played = play_all(rows.into_iter().map(answer)).await;
    for Played { row, column, heard, .. } in &played {
        println!("{column:22}{row:40}{:18}{}", heard.meaning, heard.told);
    }
    assert!(!played.is_empty(), "{} has answers of its own", column.name);
    assert_right(&played);
}

fn columns() -> [Column; 7] {
    let [start, check] = twilio_verify::tests::matrix::columns();
    [
        http_hook::tests::matrix::column(),
        solapi::tests::matrix::column(),
        sens::tests::matrix::column(),
        sens_alimtalk::tests::matrix::column(),
        twilio_messaging::tests::matrix::column(),
        start,
        check,
    ]
}

fn print(faults: &[Fault], columns: &[Column], played: &[Played]) {
    let line = |first: &str, cells: Vec<&str>| {
        let cells: Vec<_> = cells.into_iter().map(|cell| format!("{cell:22}")).collect();
        println!("{first:30}{}", cells.concat().trim_end());
    };
    line("", columns.iter().map(|column| column.name).collect());
    for fault in faults {
        let meaning = |column: &Column| {
            let of = |cell: &&Played| cell.row == fault.name && cell.column == column.name;
            played.iter().find(of).map_or("-", |cell| cell.heard.meaning)
        };
        line(fault.name, columns.iter().map(meaning).collect());
    }
}

#[tokio::test]
async fn every_fault_of_a_vendor_has_one_meaning_at_every_sender() {
    let (columns, faults) = (columns(), faults());
    let cells = faults.iter().flat_map(|fault| columns.iter().filter_map(|column| fault.cell(column)));
    let played = play_all(cells).await;
    print(&faults, &columns, &played);
    assert_right(&played);
}
