//! Sets on SQLite: a parameter for each value. Those without a number are bound in their order; SQLite looks for numbered ones by their name,
//! among all.

use sqlx::Arguments;
use sqlx::sqlite::SqliteArguments;

use crate::server::store::set::{Cell, Set};

/// The beginnings of statements that are handed over at once, each about a set. Empty rows make up to a round number and are left out, so
/// that a statement has few texts to be prepared.
pub(super) fn beginnings<const N: usize>(sets: &[Set<'_>; N]) -> [String; N] {
    let size = size_of(sets);
    std::array::from_fn(|n| {
        let (names, width) = (sets[n].names(), sets[n].columns().len());
        let row = format!("({})", vec!["?"; width].join(","));
        let rows = vec![row.as_str(); size].join(",");
        format!("with asked({names}) as materialized (select * from (values {rows}) where column1 is not null) ")
    })
}

/// The values of all sets.
pub(super) fn values(sets: &[Set<'_>]) -> Result<SqliteArguments, sqlx::error::BoxDynError> {
    let (mut arguments, size) = (SqliteArguments::default(), size_of(sets));
    for set in sets {
        for cell in set.cells() {
            match cell {
                Cell::Text(text) => arguments.add(*text)?,
                Cell::Number(number) => arguments.add(*number)?,
            }
        }
        for _ in set.cells().len()..size * set.columns().len() {
            arguments.add(None::<i64>)?;
        }
    }
    Ok(arguments)
}

/// A power of four.
fn size_of(sets: &[Set<'_>]) -> usize {
    let rows = sets.iter().map(Set::len).max().unwrap_or(1);
    let bits = rows.next_power_of_two().trailing_zeros();
    1 << bits.next_multiple_of(2)
}
