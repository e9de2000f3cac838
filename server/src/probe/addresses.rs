//! Which addresses are on the public internet. Everything that the registries of special-purpose
//! addresses (RFC 6890; IANA) set apart is not, and neither is an IPv6 address that carries such an
//! IPv4 address inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks of IPv4 that are not public: address, length of the prefix.
const NOT_PUBLIC_V4: [(Ipv4Addr, u32); 17] = [
    // "This network" (RFC 791 §3.2); many systems take 0.0.0.0 for themselves.
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    // Private (RFC 1918).
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Behind carriers (RFC 6598); clouds keep services there, such as 100.100.100.200.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    // This machine (RFC 1122 §3.2.1.3).
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // This link (RFC 3927); metadata services of clouds at 169.254.169.254.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // Protocol assignments (RFC 6890), with 192.0.0.192, the metadata service of another cloud.
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    // Documentation (RFC 5737).
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // AS112 (RFC 7534, RFC 7535), and the relays of 6to4 (RFC 7526).
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    // Measuring devices (RFC 2544).
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    // Multicast (RFC 5771).
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    // Set aside (RFC 1112 §4), with the broadcast address.
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Networks of IPv6 within 2000::/3 that are not public. What lies outside of 2000::/3 is not public
/// either: this machine, this link, unique local with fd00:ec2::254, multicast.
const NOT_PUBLIC_V6: [(Ipv6Addr, u32); 7] = [
    // Protocol assignments (RFC 2928), with Teredo 2001::/32 and ORCHID 2001:10::/28, 2001:20::/28.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    // Documentation (RFC 3849, RFC 9637).
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    // AS112 (RFC 7534, RFC 7535).
    (Ipv6Addr::new(0x2001, 0x4, 0x112, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    // 6to4 (RFC 3056): carries an IPv4 address and is out of use (RFC 7526).
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    // The test network 6bone, given back (RFC 3701).
    (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16),
];

/// Whether an address is on the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    !NOT_PUBLIC_V4
        .iter()
        .any(|(network, length)| (bits ^ network.to_bits()) >> (32 - length) == 0)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // NAT64 (RFC 6052) leads to the IPv4 address at its end. The local prefix (RFC 8215) is local.
    if address.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        return is_public_v4(Ipv4Addr::from_bits(address.to_bits() as u32));
    }
    let bits = address.to_bits();
    let is_global_unicast = bits >> 125 == 0b001;
    // An interface id of ISATAP (RFC 5214 §6.1) carries an IPv4 address, too.
    let isatap = matches!(address.segments()[4..6], [0 | 0x200, 0x5efe]);
    is_global_unicast
        && !isatap
        && !NOT_PUBLIC_V6
            .iter()
            .any(|(network, length)| (bits ^ network.to_bits()) >> (128 - length) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_public_text(text: &str) -> bool {
        is_public(text.parse().unwrap_or_else(|_| panic!("{text}")))
    }

    /// First and last address of every range that is refused.
    #[test]
    fn row_40_every_special_range_is_refused_from_end_to_end() {
        for (first, last) in [
            ("0.0.0.0", "0.255.255.255"),
            ("10.0.0.0", "10.255.255.255"),
            ("100.64.0.0", "100.127.255.255"),
            ("127.0.0.0", "127.255.255.255"),
            ("169.254.0.0", "169.254.255.255"),
            ("172.16.0.0", "172.31.255.255"),
            ("192.0.0.0", "192.0.0.255"),
            ("192.0.2.0", "192.0.2.255"),
            ("192.31.196.0", "192.31.196.255"),
            ("192.88.99.0", "192.88.99.255"),
            ("192.168.0.0", "192.168.255.255"),
            ("192.175.48.0", "192.175.48.255"),
            ("198.18.0.0", "198.19.255.255"),
            ("198.51.100.0", "198.51.100.255"),
            ("203.0.113.0", "203.0.113.255"),
            ("224.0.0.0", "239.255.255.255"),
            ("240.0.0.0", "255.255.255.255"),
            ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"),
            ("3ffe::", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
            ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ] {
            assert!(!is_public_text(first), "{first}");
            assert!(!is_public_text(last), "{last}");
        }
    }

    #[test]
    fn row_40_single_addresses_that_attackers_like_are_refused() {
        for address in [
            "127.0.0.1",
            "::1",
            "169.254.169.254",
            "169.254.170.2",
            "100.100.100.200",
            "192.0.0.192",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "ff02::1",
            "255.255.255.255",
            // An IPv4 address inside an IPv6 one: mapped, compatible, translated (RFC 2765).
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "::ffff:0:127.0.0.1",
            // NAT64, the well-known prefix and the local one.
            "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::8.8.8.8",
            "64:ff9b:1:ffff::1",
            // 6to4 and Teredo.
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "2001:0:7f00:1::",
            // ISATAP.
            "2606:4700::5efe:127.0.0.1",
            "2606:4700::200:5efe:10.0.0.1",
        ] {
            assert!(!is_public_text(address), "{address}");
        }
    }

    /// The neighbours of the ranges: what is refused is no wider than it should be.
    #[test]
    fn public_addresses_are_not_refused() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2001:db7:ffff::1",
            "2001:db9::1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "3ffd::1",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(is_public_text(address), "{address}");
        }
    }
}
