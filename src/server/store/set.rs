//! Rows that a statement is about: `asked`, in its text. Their values are bound, on SQLite one by one and on PostgreSQL as an array for each
//! column.

/// What the values of a column are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
}

/// A column of a set: its name, and what it holds.
pub(super) type Column = (&'static str, Kind);

/// A value of a row.
#[derive(Clone, Copy)]
pub(super) enum Cell<'a> {
    Text(Option<&'a str>),
    Number(Option<i64>),
}

/// What can be a value of a row.
pub(super) trait Value<'a> {
    const KIND: Kind;

    fn cell(self) -> Cell<'a>;
}

impl<'a> Value<'a> for &'a str {
    const KIND: Kind = Kind::Text;

    fn cell(self) -> Cell<'a> {
        Cell::Text(Some(self))
    }
}

impl<'a> Value<'a> for Option<&'a str> {
    const KIND: Kind = Kind::Text;

    fn cell(self) -> Cell<'a> {
        Cell::Text(self)
    }
}

impl Value<'_> for i64 {
    const KIND: Kind = Kind::Number;

    fn cell(self) -> Cell<'static> {
        Cell::Number(Some(self))
    }
}

impl Value<'_> for Option<i64> {
    const KIND: Kind = Kind::Number;

    fn cell(self) -> Cell<'static> {
        Cell::Number(self)
    }
}

/// A row; `row!` makes one.
pub(super) trait Row<'a> {
    /// The first of them is never empty.
    const COLUMNS: &'static [Column];

    /// Its values, in the order of the columns.
    fn put_into(self, cells: &mut Vec<Cell<'a>>);
}

/// A struct whose fields are the columns of a row.
macro_rules! row {
    ($(#[$about:meta])* struct $name:ident { $($column:ident: $value:ty),+ $(,)? }) => {
        $(#[$about])*
        struct $name { $($column: $value),+ }

        row!(for<'a> $name: $($column: $value),+);
    };
    ($(#[$about:meta])* struct $name:ident<$life:lifetime> { $($column:ident: $value:ty),+ $(,)? }) => {
        $(#[$about])*
        struct $name<$life> { $($column: $value),+ }

        row!(for<$life> $name<$life>: $($column: $value),+);
    };
    (for<$life:lifetime> $row:ty: $($column:ident: $value:ty),+) => {
        impl<$life> $crate::server::store::set::Row<$life> for $row {
            const COLUMNS: &'static [$crate::server::store::set::Column] =
                &[$((stringify!($column), <$value as $crate::server::store::set::Value<$life>>::KIND)),+];

            fn put_into(self, cells: &mut Vec<$crate::server::store::set::Cell<$life>>) {
                $(cells.push($crate::server::store::set::Value::cell(self.$column));)+
            }
        }
    };
}
pub(super) use row;

/// The rows of one statement.
pub(super) struct Set<'a> {
    columns: &'static [Column],
    cells: Vec<Cell<'a>>,
}

impl<'a> Set<'a> {
    pub(super) fn of<R: Row<'a>>(rows: impl IntoIterator<Item = R>) -> Self {
        let mut cells = Vec::new();
        rows.into_iter().for_each(|row| row.put_into(&mut cells));
        Self { columns: R::COLUMNS, cells }
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len() / self.columns.len()
    }

    pub(super) fn columns(&self) -> &'static [Column] {
        self.columns
    }

    /// `id, subject, at`.
    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// Row by row.
    pub(super) fn cells(&self) -> &[Cell<'a>] {
        &self.cells
    }

    /// The values of a column, by its place.
    pub(super) fn column(&self, place: usize) -> impl Iterator<Item = Cell<'a>> {
        self.cells.iter().skip(place).step_by(self.columns.len()).copied()
    }
}
