//! Proofs of work that bought a send.

use serde::Serialize;

use super::{Connection, json};
use crate::server::store::SpentProof;

#[derive(Serialize)]
struct Proof<'a> {
    id: &'a str,
    expires_at: i64,
}

/// Spends the proofs that sends are bought by; false when one was spent before.
pub(super) async fn spend<'a>(db: &mut Connection, proofs: impl Iterator<Item = &'a SpentProof>) -> Result<bool, sqlx::Error> {
    let proofs: Vec<_> = proofs.map(|proof| Proof { id: &proof.id, expires_at: proof.expires_at.as_millisecond() }).collect();
    let wanted = proofs.len() as u64;
    let sql = concat!(
        with_asked!("$1"; id text, expires_at bigint),
        "insert into spent_proofs (id, expires_at) select id, expires_at from asked where true on conflict do nothing"
    );
    Ok(wanted == 0 || sqlx::query(sql).bind(json(proofs)).execute(db).await?.rows_affected() == wanted)
}
