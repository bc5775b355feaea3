//! What a run came to for applications.

use std::collections::BTreeMap;
use std::path::Path;

use super::ledger::{Ask, Call, Ledger, Told};

/// Prints what happened.
pub fn print(ledger: &Ledger) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for call in &ledger.calls {
        *counts.entry(described(call)).or_default() += 1;
    }
    for (what, count) in counts {
        println!("| {what} | {count} |");
    }
    let (leaks, all) = (ledger.rotations.iter().filter(|rotation| rotation.is_at_once).count(), ledger.rotations.len());
    println!("| rotations of the keys, and at once | {all}, {leaks} |");
    println!("| looks at the published keys, of how many | {}, {} |", ledger.looks.len(), ledger.keys.len());
    let taken = ledger.notices.iter().filter(|notice| notice.is_taken).count();
    println!("| logout tokens that came, and were taken | {}, {taken} |", ledger.notices.len());
}

/// Writes the whole record to a file, in order of time, and says where.
pub fn keep(ledger: &Ledger) -> std::io::Result<String> {
    let mut calls: Vec<&Call> = ledger.calls.iter().collect();
    calls.sort_by_key(|call| call.from);
    let mut lines: Vec<String> = calls.iter().map(|call| line(call)).collect();
    lines.extend(ledger.rotations.iter().map(|rotation| format!("{rotation:?}")));
    lines.extend(ledger.notices.iter().map(|notice| format!("{notice:?}")));
    lines
        .extend(ledger.looks.iter().map(|look| format!("{}-{} µs, replica {}: {:?}", look.from, look.to, look.replica, look.kids)));
    lines.extend(ledger.keys.iter().map(|(kid, key)| format!("{kid}: {key}")));
    lines.extend(ledger.accounts.iter().enumerate().map(|(account, id)| format!("account {account}: {id}")));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/chaos-applications.txt");
    std::fs::write(&path, lines.join("\n"))?;
    Ok(path.display().to_string())
}

fn line(call: &Call) -> String {
    let Call { from, to, replica, account, session, asked, told } = call;
    let to = if *to == u64::MAX { String::new() } else { to.to_string() };
    format!("{from}-{to} µs, account {account}, session {session}, replica {replica}: {asked:?} -> {told:?}")
}

fn described(call: &Call) -> String {
    let asked = match &call.asked {
        Ask::Authorize { .. } => "authorizations",
        Ask::Redeem(_) => "codes redeemed",
        Ask::Refresh(_) => "refreshes",
        Ask::UserInfo(_) => "looks at userinfo",
        Ask::SignOut { by_hint: true } => "sign-outs by an application",
        Ask::SignOut { by_hint: false } => "sign-outs",
        Ask::Everywhere => "sign-outs everywhere",
    };
    let told = match &call.told {
        Told::Code(_) | Told::Tokens(_) | Told::Person(_) | Told::Done => "good",
        Told::Refused => "refused",
        Told::Nothing => "answer lost",
        Told::Odd(_) => "no answer of the interface",
    };
    format!("{asked}: {told}")
}
