import ipaddr from 'ipaddr.js'

/** Whoever has one address of IPv6 has the whole /64; in it, an attacker would never run out of addresses. */
const IPV6_PREFIX_GROUPS = 4

/** Some proxies name the client's port, too. */
const WITH_PORT = /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::\d{1,5})?$/i

/** What stands for a client in a limit: its IPv4 address, or its IPv6 network. */
export function clientNetwork(named: string): string {
  const [, ipv6, ipv4] = WITH_PORT.exec(named) ?? []
  const ip = ipv6 ?? ipv4 ?? named
  if (!ipaddr.isValid(ip)) return 'unknown'
  const address = ipaddr.process(ip) // an IPv4 address written as IPv6 is an IPv4 address
  if (address.kind() === 'ipv4') return address.toString()
  const groups = address instanceof ipaddr.IPv6 ? address.parts.slice(0, IPV6_PREFIX_GROUPS) : []
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`
}
