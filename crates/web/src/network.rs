//! The network address that tries are counted by.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::http::header::HeaderMap;

/// Where our own proxy says that a request comes from. One that adds a line of its own leaves those before it that a client has
/// made up: the last line counts, and of it the last address.
pub(crate) fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let nearest = headers.get_all("x-forwarded-for").last()?;
    last_forwarded(nearest.to_str().ok()?)
}

/// Of the addresses in `X-Forwarded-For`, the last: the one our own proxy saw. Proxies write it with a port or in
/// brackets, too. `None` where that is no address.
fn last_forwarded(list: &str) -> Option<IpAddr> {
    let nearest = list.rsplit(',').next()?.trim();
    let bare = nearest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(nearest);
    bare.parse().ok().or_else(|| nearest.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// What tries are counted by. Of IPv6 the first 64 bits: every household has at least as many addresses as the other
/// 64 bits name, and could try a new one each time (RFC 6177 section 2).
pub(crate) fn counted_as(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64));
            format!("{network}/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(address: &str) -> String {
        counted_as(address.parse().unwrap())
    }

    #[test]
    fn a_household_of_ipv6_is_one() {
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(counted("2001:db8:1:2::"), counted("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(counted("2001:db8:1:2::1"), counted("2001:db8:1:3::1"));
    }

    #[test]
    fn ipv4_is_itself_even_inside_ipv6() {
        assert_eq!(counted("192.0.2.1"), "192.0.2.1");
        assert_eq!(counted("::ffff:192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn what_a_client_has_made_up_before_the_proxys_line_does_not_count() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded(&headers), None);
        for line in ["203.0.113.9", "198.51.100.7, 192.0.2.1"] {
            headers.append("x-forwarded-for".parse().unwrap(), line.parse().unwrap());
        }
        assert_eq!(forwarded(&headers), Some("192.0.2.1".parse().unwrap()));
    }

    #[test]
    fn the_last_address_of_a_list_is_the_one_that_counts() {
        let read = |list: &str| last_forwarded(list).map(|address| address.to_string());
        for (list, address) in [
            ("192.0.2.1", "192.0.2.1"),
            ("198.51.100.7, 192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
        ] {
            assert_eq!(read(list).as_deref(), Some(address), "{list}");
        }
        for list in ["", "unknown", "192.0.2.1, ", "_hidden"] {
            assert_eq!(read(list), None, "{list}");
        }
    }
}
