//! Proofs of work that bought a send.

use super::Connection;
use super::statement::Statement;
use crate::server::store::SpentProof;
use crate::server::store::set::{Set, row};

row! {
    struct Proof<'a> {
        id: &'a str,
        expires_at: i64,
    }
}

/// Spends the proofs that sends are bought by; false when one was spent before.
pub(super) async fn spend<'a>(db: &mut Connection, proofs: impl Iterator<Item = &'a SpentProof>) -> Result<bool, sqlx::Error> {
    let proofs = Set::of(proofs.map(|proof| Proof { id: &proof.id, expires_at: proof.expires_at.as_millisecond() }));
    let wanted = proofs.len() as u64;
    let sql = "insert into spent_proofs (id, expires_at) select id, expires_at from asked where true on conflict do nothing";
    Ok(wanted == 0 || Statement::about(proofs, sql)?.execute(db).await? == wanted)
}
