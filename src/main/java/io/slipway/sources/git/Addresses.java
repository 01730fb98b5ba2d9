package io.slipway.sources.git;

import java.net.InetAddress;
import java.util.List;
import org.springframework.security.web.util.matcher.IpAddressMatcher;

/**
 * The addresses that a host may have: public ones, and those of the networks that its entry lists. Whoever may name a repository must not
 * reach what only this machine can.
 */
record Addresses(List<IpAddressMatcher> listed) {

    /** Beside those that Java knows: IANA's special-purpose registries, and ways to write an IPv4 address as another one. */
    private static final List<IpAddressMatcher> NOT_PUBLIC = matchers(List.of(
            "0.0.0.0/8",
            "100.64.0.0/10",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "fc00::/7",
            "fec0::/10"));

    /** @throws IllegalArgumentException when one is no network */
    static Addresses of(List<String> networks) {
        return new Addresses(matchers(networks));
    }

    private static List<IpAddressMatcher> matchers(List<String> networks) {
        return networks.stream().map(IpAddressMatcher::new).toList();
    }

    boolean allow(InetAddress address) {
        String written = address.getHostAddress();
        int zone = written.indexOf('%');
        String plain = zone < 0 ? written : written.substring(0, zone);
        return isPublic(address, plain) || listed.stream().anyMatch(network -> network.matches(plain));
    }

    private static boolean isPublic(InetAddress address, String plain) {
        boolean isSpecial = address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress();
        return !isSpecial && NOT_PUBLIC.stream().noneMatch(network -> network.matches(plain));
    }
}
