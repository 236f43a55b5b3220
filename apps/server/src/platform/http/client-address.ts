import ipaddr from 'ipaddr.js'

/** A client with one IPv6 address usually has the whole /64, where an attacker never runs out of addresses. */
const IPV6_PREFIX_GROUPS = 4

/** Some proxies also name the client's port. */
const WITH_PORT = /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::\d{1,5})?$/i

/** What a limit counts as one client: its IPv4 address, or its IPv6 network. */
export function clientNetwork(named: string): string {
  const [, ipv6, ipv4] = WITH_PORT.exec(named) ?? []
  const ip = ipv6 ?? ipv4 ?? named
  if (!ipaddr.isValid(ip)) return 'unknown'
  const address = ipaddr.process(ip) // an IPv4 address written as IPv6 is an IPv4 address
  if (address.kind() === 'ipv4') return address.toString()
  const groups = address instanceof ipaddr.IPv6 ? address.parts.slice(0, IPV6_PREFIX_GROUPS) : []
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`
}
