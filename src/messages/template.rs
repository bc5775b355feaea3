//! A text with gaps, taken apart in the order that its language has.

/// A piece of a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// The name in braces.
    Gap(&'a str),
}

/// The pieces of a template, none empty.
pub(crate) fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut rest = template.split('{');
    let mut pieces = vec![Piece::Text(rest.next().unwrap_or_default())];
    for part in rest {
        let (name, text) = part.split_once('}').unwrap_or((part, ""));
        pieces.extend([Piece::Gap(name), Piece::Text(text)]);
    }
    pieces.retain(|piece| *piece != Piece::Text(""));
    pieces
}
