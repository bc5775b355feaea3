//! Sets on PostgreSQL: an array for each column, so that a statement has one text and one plan, whatever the number of rows.

use sqlx::Arguments;
use sqlx::postgres::PgArguments;

use crate::server::store::set::{Cell, Kind, Set};

/// The beginnings of the parts of a statement, each about a set.
pub(super) fn beginnings<const N: usize>(sets: &[Set<'_>; N]) -> [String; N] {
    let mut number = 0;
    sets.each_ref().map(|set| {
        let arrays = set.columns().iter().map(|(_, kind)| {
            number += 1;
            let name = if *kind == Kind::Text { "text" } else { "bigint" };
            format!("${number}::{name}[]")
        });
        let arrays: Vec<_> = arrays.collect();
        format!("with asked as materialized (select * from unnest({}) as rows({})) ", arrays.join(", "), set.names())
    })
}

/// The values of all sets.
pub(super) fn values(sets: &[Set<'_>]) -> Result<PgArguments, sqlx::error::BoxDynError> {
    let mut arguments = PgArguments::default();
    for set in sets {
        for (place, (_, kind)) in set.columns().iter().enumerate() {
            let cells = set.column(place);
            match kind {
                Kind::Text => arguments.add(cells.map(text).collect::<Vec<_>>())?,
                Kind::Number => arguments.add(cells.map(number).collect::<Vec<_>>())?,
            }
        }
    }
    Ok(arguments)
}

fn text(cell: Cell<'_>) -> Option<&str> {
    if let Cell::Text(text) = cell { text } else { None }
}

fn number(cell: Cell<'_>) -> Option<i64> {
    if let Cell::Number(number) = cell { number } else { None }
}
