//! How the cost of a flow falls as the load grows, drawn in text.

use super::table::Row;

/// The length of the longest bar.
const WIDTH: f64 = 48.0;
/// Parts of a cell of the terminal, from an eighth to seven.
const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Draws the processor time of the server for a flow, of each database and each number of rows in it.
pub fn print(rows: &[Row]) {
    let most = rows.iter().map(Row::cpu_per_thousand).fold(0.0, f64::max);
    for same in rows.chunk_by(|one, next| (one.kind, one.rows) == (next.kind, next.rows)) {
        let Some(first) = same.first() else { continue };
        println!("\n{}, {} rows: ms of the server's processor for a flow, by connections\n", first.kind.name(), first.rows);
        println!("```text");
        for row in same {
            println!("{:>4} {} {:.2}", row.connections, bar(row.cpu_per_thousand() / most), row.cpu_per_thousand());
        }
        println!("```");
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a bar is short and has no negative length")]
fn bar(share: f64) -> String {
    let eighths = (share * WIDTH * 8.0).round().max(0.0) as usize;
    format!("{}{}", "█".repeat(eighths / 8), PARTS[eighths % 8])
}
