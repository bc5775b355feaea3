//! Where a request comes from.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::HeaderMap;

use crate::server::network::network_of;

/// Each trusted proxy appended the address that it saw to `X-Forwarded-For`, so the last of as many entries
/// as there are trusted proxies is believed, and whatever stands to the left of it is the sender's own invention, whatever its bytes are. An
/// empty entry is none (RFC 9110, 5.6.1).
#[must_use]
pub(crate) fn requester(headers: &HeaderMap, peer: Option<IpAddr>, trusted_proxies: usize) -> String {
    let Some(skipped) = trusted_proxies.checked_sub(1) else { return of(peer) };
    let lines = headers.get_all("x-forwarded-for").into_iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let entries: Vec<_> = lines.map(<[u8]>::trim_ascii).filter(|entry| !entry.is_empty()).collect();
    let believed = entries.iter().rev().nth(skipped).and_then(|entry| parse_address(entry));
    if believed.is_none() {
        warn_once(trusted_proxies, entries.len());
    }
    of(believed.or(peer))
}

/// Those who come past a proxy that tells nothing of them share one budget: worth a line, but not one for each.
fn warn_once(trusted_proxies: usize, entries: usize) {
    static IS_SAID: AtomicBool = AtomicBool::new(false);
    if !IS_SAID.swap(true, Ordering::Relaxed) {
        tracing::warn!(
            trusted_proxies,
            entries,
            "X-Forwarded-For does not tell an address for each trusted proxy: the peer's is taken"
        );
    }
}

fn of(address: Option<IpAddr>) -> String {
    address.map_or_else(|| "unknown".to_owned(), name_of)
}

/// An address as proxies write it: bare, quoted, in brackets, with a port, a zone or the length of its network.
fn parse_address(entry: &[u8]) -> Option<IpAddr> {
    let entry = str::from_utf8(entry).ok()?.trim_matches('"');
    let bare = match entry.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        // One colon is that of a port; an address of IPv6 has more.
        None if entry.matches(':').count() == 1 => entry.split(':').next()?,
        None => entry,
    };
    bare.split(['%', '/']).next()?.parse().ok()
}

/// The name of a requester, as the database keeps it.
fn name_of(address: IpAddr) -> String {
    match network_of(address) {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of_lines(lines: &[&[u8]], trusted_proxies: usize) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(line).expect("a header"));
        }
        requester(&headers, "198.51.100.7".parse().ok(), trusted_proxies)
    }

    #[test]
    fn a_forged_header_changes_nothing_unless_that_many_proxies_are_trusted() {
        let line = b"203.0.113.9, 192.0.2.1, 192.0.2.2".as_slice();
        for (proxies, address) in [(0, "198.51.100.7"), (1, "192.0.2.2"), (2, "192.0.2.1"), (3, "203.0.113.9"), (4, "198.51.100.7")]
        {
            assert_eq!(of_lines(&[line], proxies), address, "{proxies}");
        }
        assert_eq!(of_lines(&[b"junk"], 1), "198.51.100.7");
        assert_eq!(of_lines(&[], 1), "198.51.100.7");
    }

    #[test]
    fn odd_bytes_hide_nothing_that_the_proxy_wrote() {
        for line in [
            "192.0.2.2",
            "\u{e9}, 192.0.2.2",
            "\"192.0.2.2\"",
            "192.0.2.2:4711",
            "a, 192.0.2.2,",
            "unknown, 192.0.2.2 , ,",
            "192.0.2.2:",
            "[192.0.2.2]:80",
            "192.0.2.2:99999",
            "192.0.2.2/32",
            "64:ff9b::192.0.2.2",
        ] {
            assert_eq!(of_lines(&[line.as_bytes()], 1), "192.0.2.2", "{line}");
        }
        assert_eq!(of_lines(&[b"\xff\xfe", b"192.0.2.2"], 1), "192.0.2.2");
        assert_eq!(of_lines(&[b"192.0.2.9", b"\xe9,192.0.2.2"], 2), "198.51.100.7", "an unreadable entry is not skipped");
        for line in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711", "2001:db8::1%eth0", "\"[2001:db8::1]:4711\""] {
            assert_eq!(of_lines(&[line.as_bytes()], 1), "2001:db8:0:0::/64", "{line}");
        }
    }

    #[test]
    fn neighbours_in_a_64_are_one_requester() {
        let of = |text: &str| requester(&HeaderMap::new(), text.parse().ok(), 0);
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
