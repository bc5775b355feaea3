//! Whose an address is, and what only this machine can reach.

use std::net::IpAddr;

/// The address that stands for everybody who shares it: one home or phone has a whole /64 of IPv6 (RFC 6177).
#[must_use]
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        // All of IPv4, as a translator writes it (RFC 6052, 2.1): each is somebody of their own.
        IpAddr::V6(v6) if v6.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0] => {
            let [.., a, b, c, d] = v6.octets();
            IpAddr::from([a, b, c, d])
        }
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Whether a host, as it stands in a URL without its port, is this machine (RFC 6761, 6.3).
#[must_use]
pub(crate) fn is_loopback_host(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    let address: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    host == "localhost" || host.ends_with(".localhost") || address.is_some_and(|address| address.to_canonical().is_loopback())
}
