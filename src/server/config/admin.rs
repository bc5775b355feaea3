//! The operator's console: where it is, and who may come to it by a code.

use std::net::SocketAddr;

use super::Config;
use super::command::read_alone;
use super::reader::Reader;
use crate::verification::{PhoneNumber, Regions};

pub(super) const ADDR: &str = "ADMIN_ADDR";
pub(super) const DEFAULT_ADDR: &str = "127.0.0.1:9465";
const NUMBERS: &str = "ADMIN_NUMBERS";

/// The address of a listener beside the public one.
pub(super) fn read_own_addr(env: &mut Reader<'_>, name: &str, default: &str) -> Option<SocketAddr> {
    let wrong = || format!("must be an address and a port, like {default}, or off");
    env.parse(name, default, |text| if text == "off" { Ok(None) } else { text.parse().map(Some).map_err(|_| wrong()) })
}

/// Numbers that a code can be sent to, or none.
pub(super) fn read_numbers(env: &mut Reader<'_>, regions: &Regions) -> Vec<PhoneNumber> {
    let list = env.optional(NUMBERS).unwrap_or_default();
    let typed = list.split(',').map(str::trim).filter(|text| !text.is_empty()).enumerate();
    // By its place: a number is in no log.
    let read = typed.map(|(at, text)| regions.parse(text).map_err(|wrong| format!("number {} of the list: {wrong}", at + 1)));
    let read: Result<Vec<_>, _> = read.collect();
    env.check(NUMBERS, read).unwrap_or_default()
}

/// Two listeners on one address.
pub(super) fn refuse_what_is_taken(env: &mut Reader<'_>, config: &Config) {
    let Some(address) = config.admin_addr.filter(|address| address.port() != 0) else { return };
    if address == config.listen_addr {
        env.refuse(ADDR, "must be another than LEPTOS_SITE_ADDR: the console is never on the public port");
    }
    if Some(address) == config.metrics_addr {
        env.refuse(ADDR, "must be another than METRICS_ADDR");
    }
}

/// Where the console is, for the command that prints a link to it.
///
/// # Errors
///
/// With what is wrong with it.
pub(crate) fn admin_addr_from_env() -> Result<Option<SocketAddr>, Vec<String>> {
    read_alone(&[ADDR], |reader| read_own_addr(reader, ADDR, DEFAULT_ADDR))
}
