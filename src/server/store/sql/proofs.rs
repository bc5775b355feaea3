//! Proofs of work: each buys one send.

use super::Connection;
use crate::server::store::SpentProof;

/// Spends the proof that a send is bought by; false when it was spent before.
pub(super) async fn spend(db: &mut Connection, proof: Option<&SpentProof>) -> Result<bool, sqlx::Error> {
    let Some(proof) = proof else { return Ok(true) };
    let sql = "insert into spent_proofs (id, expires_at) values ($1, $2) on conflict do nothing";
    let insert = sqlx::query(sql).bind(&proof.id).bind(proof.expires_at.as_millisecond());
    Ok(insert.execute(db).await?.rows_affected() > 0)
}
