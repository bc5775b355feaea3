//! Data flows one way: which room may import which. A room that is not in the table, or an import that is not in its row, fails here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room from the top down, and behind it the rooms that it may import.
const ROOMS: &str = "
main: app commands server server::clock server::config server::store server::telemetry
commands: authorization server::clients server::clock server::config server::console server::oversight server::secret_key_file server::signing_keys server::store verification
app: pages api server server::authorizer server::clients server::clock server::config server::console server::entropy server::guard server::metrics server::network server::oversight server::provider server::secret_key_file server::session server::signing_keys server::store server::telemetry server::verifier server::work messages authorization verification
pages: islands api server server::authorizer server::config server::entropy server::oversight server::provider server::session server::store server::verifier messages authorization verification
islands: api
api: server server::authorizer server::clock server::entropy server::network server::session server::store server::verifier messages authorization verification
server::console: server server::entropy server::session server::store server::verifier messages verification
server: server::authorizer server::config server::metrics server::provider server::verifier
server::authorizer: server::clients server::clock server::entropy server::provider server::session server::signing_keys server::store authorization verification
server::verifier: server::clock server::entropy server::guard server::metrics server::provider server::session server::store server::telemetry server::work messages verification
server::config: server::clients server::guard server::network server::provider server::store server::telemetry verification
server::oversight: server::store verification
server::clients: server::clock server::entropy server::store authorization
server::work: server::entropy server::store verification
server::signing_keys: server::entropy server::store authorization verification
server::session: server::clock server::entropy server::store verification
server::guard: server::entropy server::store server::telemetry verification
server::store: server::entropy verification
server::provider: server::clock server::entropy server::metrics server::telemetry messages verification
server::metrics: verification
server::secret_key_file: server::entropy verification
server::entropy: verification
server::clock:
server::network:
server::telemetry:
messages: verification
authorization: verification
verification:
";

/// What points upwards today. Each is struck when its move is made; the list only ever gets shorter.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// An import: the file, its room, and the room that it takes something from.
type Arrow = (PathBuf, String, String);

#[test]
fn every_import_leads_downwards() {
    let arrows = arrows();
    assert!(arrows.len() > 200, "the sources were read: {}", arrows.len());
    let unknown: BTreeSet<_> = arrows.iter().map(|(_, from, _)| from).filter(|from| find(from).is_none()).collect();
    assert!(unknown.is_empty(), "these rooms are in no row: {unknown:?}");
    let upwards: Vec<_> = arrows.iter().filter(|(_, from, to)| !may_import(from, to)).collect();
    assert!(upwards.is_empty(), "{upwards:#?}");
}

#[test]
fn no_exception_outlives_its_reason() {
    let arrows = arrows();
    for (from, to) in EXCEPTIONS {
        assert!(arrows.iter().any(|arrow| (arrow.1.as_str(), arrow.2.as_str()) == (*from, *to)), "{from} imports {to} no longer");
    }
}

/// The table itself has no circle: each row names only rooms of rows below it.
#[test]
fn the_table_leads_downwards() {
    let place = |room: &str| rooms().position(|(name, _)| name == room);
    for (room, imports) in rooms() {
        for import in imports {
            assert!(place(import) > place(room), "{room} is not above {import}");
        }
    }
}

fn rooms() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    let rows = ROOMS.trim().lines().map(|row| row.split_once(": ").or_else(|| Some((row.strip_suffix(':')?, ""))).expect("a row"));
    rows.map(|(room, imports)| (room, imports.split(' ').filter(|import| !import.is_empty()).collect()))
}

fn find(room: &str) -> Option<Vec<&'static str>> {
    rooms().find(|(name, _)| *name == room).map(|(_, imports)| imports)
}

fn may_import(from: &str, to: &str) -> bool {
    find(from).is_some_and(|imports| imports.contains(&to)) || EXCEPTIONS.contains(&(from, to))
}

fn arrows() -> Vec<Arrow> {
    let mut arrows = Vec::new();
    for file in files(Path::new("src")) {
        let module = module_of(&file);
        let from = room_of(&module);
        let text = fs::read_to_string(&file).expect("a file");
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        for path in imports(&lines.collect::<Vec<_>>().join("\n"), &module) {
            let to = room_of(&path);
            if to != from {
                arrows.push((file.clone(), from.clone(), to));
            }
        }
    }
    arrows
}

/// The sources, without those that are only tests and the list of rooms.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .filter(|path| !path.ends_with("tests") && !path.ends_with("tests.rs") && !path.ends_with("lib.rs"))
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

fn module_of(file: &Path) -> Vec<String> {
    let inside = file.strip_prefix("src").expect("below src").with_extension("");
    let mut module: Vec<_> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.get(..3).is_some_and(|start| start == ["server", "store", "sql"]) {
        // It is compiled as a part of each database's module.
        module.insert(2, "of_each_database".to_owned());
    }
    module
}

fn room_of(path: &[String]) -> String {
    let inner = path.get(..2).map(|start| start.join("::")).filter(|inner| find(inner).is_some());
    inner.unwrap_or_else(|| path.first().cloned().unwrap_or_default())
}

/// Every path that begins at the crate's root or above this module, with groups in braces taken apart.
fn imports(code: &str, module: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = ["crate::", "beonho::", "super::"].iter().filter_map(|start| rest.find(start)).min() {
        let is_whole =
            !rest[..at].ends_with("pub(in ") && !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        let path = &rest[at..];
        if is_whole {
            found.extend(expand(path, module).0);
        }
        // What stands behind a chain of `super::` belongs to it.
        let chain = path.trim_start_matches("super::");
        rest = if chain.len() < path.len() { chain } else { &path[path.find("::").map_or(1, |end| end + 2)..] };
    }
    found
}

/// The paths of a text that begins with one, and what follows it.
fn expand<'a>(text: &'a str, within: &[String]) -> (Vec<Vec<String>>, &'a str) {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        let mut all = Vec::new();
        loop {
            let (paths, behind) = expand(rest, within);
            all.extend(paths);
            let end = behind.find([',', '}']).unwrap_or(behind.len());
            rest = behind.get(end + 1..).unwrap_or_default();
            if !behind[end..].starts_with(',') || rest.trim_start().starts_with('}') {
                return (all, rest);
            }
        }
    }
    let name_ends = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, behind) = text.split_at(name_ends);
    let here = match name {
        "crate" | "beonho" => Vec::new(),
        "super" => within[..within.len() - 1].to_vec(),
        "self" | "" => within.to_vec(),
        name => within.iter().cloned().chain([name.to_owned()]).collect(),
    };
    match behind.strip_prefix("::") {
        Some(inner) => expand(inner, &here),
        None => (vec![here], behind),
    }
}

#[test]
fn paths_are_taken_apart() {
    let module = ["server", "verifier", "send"].map(str::to_owned);
    let found = |code: &str| imports(code, &module).into_iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(
        found("use crate::server::{Service, store::{self, StoreFault}, clock};"),
        ["server::Service", "server::store", "server::store::StoreFault", "server::clock"]
    );
    assert_eq!(
        found("use super::super::store::Store; super::hosted::end(1)"),
        ["server::store::Store", "server::verifier::hosted::end"]
    );
    assert_eq!(found("a.my_crate::b(); leptos::prelude::crate_name"), Vec::<String>::new());
}
