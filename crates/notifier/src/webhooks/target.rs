//! Where a webhook goes: an address that people typed, and which machines may be reached by it.
//!
//! Invariant: nothing inside this machine, the town hall's network or a cloud's own services is ever reached, whatever the
//! name resolves to (`only_machines_of_the_public_internet_are_reached`): names are resolved once, each address is judged,
//! and the connection goes to the very address that was judged.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use kernel::Code;

/// The longest address.
const LONGEST: usize = 500;
/// Ports other than these are for other things than HTTPS.
const PORTS: [u16; 2] = [443, 8443];

/// Whom webhooks may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Machines of the public internet, over HTTPS.
    Public,
    /// This machine as well, on any port and over plain HTTP too: for trying things out where nobody else reaches Yui.
    ThisMachineToo,
}

/// An address a webhook is posted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Path and query, beginning with `/`.
    pub(crate) path: String,
    pub(crate) is_tls: bool,
}

impl Target {
    /// Reads an address; the code says what is wrong with it.
    pub(crate) fn parse(text: &str, reach: Reach) -> Result<Self, Code> {
        if text.len() > LONGEST {
            return Err(Code::TooLong);
        }
        let (rest, is_tls) = match (text.strip_prefix("https://"), text.strip_prefix("http://"), reach) {
            (Some(rest), _, _) => (rest, true),
            (None, Some(rest), Reach::ThisMachineToo) => (rest, false),
            (None, Some(rest), Reach::Public) if !may_be_entered(before_path(rest), reach) => {
                return Err(Code::NotPublic);
            }
            _ => return Err(Code::NotAWebhookAddress),
        };
        let authority = before_path(rest);
        let path = rest.strip_prefix(authority).unwrap_or_default();
        if !may_be_entered(authority, reach) {
            return Err(Code::NotPublic);
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_not_one| Code::NotAWebhookAddress)?),
            None => (authority, if is_tls { 443 } else { 80 }),
        };
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        let is_named = !host.is_empty() && host.len() <= 253 && host.bytes().all(is_host);
        let is_path = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
        let is_port = reach == Reach::ThisMachineToo || PORTS.contains(&port);
        if is_named && is_path && is_port {
            Ok(Self { host: host.to_ascii_lowercase(), port, path, is_tls })
        } else {
            Err(Code::NotAWebhookAddress)
        }
    }
}

/// The machine and the port of an address without its scheme.
fn before_path(rest: &str) -> &str {
    rest.split(['/', '?']).next().unwrap_or_default()
}

/// Whether an address names its machine by something else than a number inside, so that whoever enters it is told at once.
/// Where a name leads is judged when it is followed. A last label that is a number makes the whole an IPv4 address in one of
/// its spellings (WHATWG URL, 3.5): `2130706433`, `127.1` and `0x7f.1` are this machine.
fn may_be_entered(authority: &str, reach: Reach) -> bool {
    if let Some(inside) = authority.strip_prefix('[') {
        let literal = inside.split(']').next().unwrap_or_default();
        return literal.parse().is_ok_and(|six: Ipv6Addr| reach.allows(IpAddr::V6(six), true));
    }
    let host = authority.split(':').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    if last == "localhost" {
        return reach == Reach::ThisMachineToo;
    }
    let is_number = last.strip_prefix("0x").map_or_else(
        || !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()),
        |digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
    );
    !is_number || host.parse().is_ok_and(|four: Ipv4Addr| reach.allows(IpAddr::V4(four), true))
}

impl Target {
    /// What the header `Host` says: the port only where it is not the scheme's own.
    pub(crate) fn authority(&self) -> String {
        match (self.is_tls, self.port) {
            (true, 443) | (false, 80) => self.host.clone(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }
}

impl Reach {
    /// Whether a webhook may go to this very address. What goes out unencrypted never leaves this machine.
    pub(crate) fn allows(self, address: IpAddr, is_tls: bool) -> bool {
        let address = plain(address);
        let is_own = self == Self::ThisMachineToo && address.is_loopback();
        let is_public = match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        };
        is_own || (is_tls && is_public)
    }
}

/// An IPv4 address in IPv6's clothes is that IPv4 address: mapped, NAT64 (RFC 6052), 6to4 (RFC 3056).
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else { return address };
    let four =
        |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)));
    match six.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => four(high, low),
        _ => address,
    }
}

/// A large cloud's own services for the machines in it, at an address that looks like any other.
const CLOUD: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// What IANA's registry of special addresses leaves (RFC 6890).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || address == CLOUD;
    !special
}

/// Global unicast (`2000::/3`) without documentation, benchmarks and tunnels.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let documentation = (a == 0x2001 && b == 0xdb8) || (a & 0xfff0 == 0x3ff0);
    (0x2000..0x4000).contains(&a) && !documentation && !(a == 0x2001 && b < 0x200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_machines_of_the_public_internet_are_reached() {
        for inside in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "fec0::1",
            "168.63.129.16",
            "100.100.100.200",
            "fd00:ec2::254",
            "64:ff9b:1::a00:1",
            "::127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:0:10.0.0.1",
        ] {
            let address = inside.parse().unwrap();
            assert!(!Reach::Public.allows(address, true), "{inside}");
            assert!(!Reach::ThisMachineToo.allows(address, true) || plain(address).is_loopback(), "{inside}");
        }
        for outside in
            ["8.8.8.8", "203.0.114.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"]
        {
            let address = outside.parse().unwrap();
            assert!(
                Reach::Public.allows(address, true) && !Reach::Public.allows(address, false),
                "{outside}"
            );
        }
        for own in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(Reach::ThisMachineToo.allows(own.parse().unwrap(), false), "{own}");
        }
        assert!(
            !Reach::ThisMachineToo.allows("8.8.8.8".parse().unwrap(), false),
            "nothing leaves unencrypted"
        );
        assert!(!Reach::ThisMachineToo.allows("192.168.1.1".parse().unwrap(), true));
    }

    #[test]
    fn an_address_is_read_whole_or_not_at_all() {
        let target = Target::parse("https://Hooks.example.jp/yui?a=1", Reach::Public).unwrap();
        assert_eq!(
            (target.host.as_str(), target.port, target.path.as_str()),
            ("hooks.example.jp", 443, "/yui?a=1")
        );
        assert_eq!(Target::parse("https://a.example:8443?x", Reach::Public).unwrap().path, "/?x");
        for wrong in [
            "http://a.example/",
            "ftp://a.example/",
            "https://",
            "https://a.example:22/",
            "https://a.example:x/",
            "https://user@a.example/",
            "https://[::1]/",
            "https://a.example/ b",
            "https://a.example/#x",
            "https://a.example/\r\nX: y",
            "https://a.example\\@b.example/",
            "//a.example",
            "",
        ] {
            assert!(Target::parse(wrong, Reach::Public).is_err(), "{wrong}");
        }
        for inside in [
            "http://127.0.0.1/",
            "https://127.0.0.1/",
            "https://localhost/",
            "https://Localhost.:8443/",
            "https://yui.localhost/",
            "https://169.254.169.254/latest",
            "https://2130706433/",
            "https://127.1/",
            "https://0x7f.1/",
            "https://0x7f000001",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]:8443/",
            "https://10.0.0.1?x",
            "https://192.168.1.1.:443/",
        ] {
            assert_eq!(Target::parse(inside, Reach::Public), Err(Code::NotPublic), "{inside}");
        }
        for outside in ["https://8.8.8.8/", "https://127.0.0.1.example.jp/", "https://0xcafe.example/"] {
            assert!(Target::parse(outside, Reach::Public).is_ok(), "{outside}");
        }
        assert_eq!(Target::parse("http://a.example/", Reach::Public), Err(Code::NotAWebhookAddress));
        assert!(Target::parse("http://localhost:9000/", Reach::ThisMachineToo).is_ok());
        assert_eq!(Target::parse("https://10.0.0.1/", Reach::ThisMachineToo), Err(Code::NotPublic));
        let here = Target::parse("http://127.0.0.1:9000/hook", Reach::ThisMachineToo).unwrap();
        assert_eq!((here.port, here.is_tls, here.authority().as_str()), (9000, false, "127.0.0.1:9000"));
        assert_eq!(target.authority(), "hooks.example.jp");
    }
}
