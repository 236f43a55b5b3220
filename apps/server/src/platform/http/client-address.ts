import ipaddr from 'ipaddr.js'

/** A client with one IPv6 address usually has the whole /64, where an attacker never runs out of addresses. */
const IPV6_PREFIX_GROUPS = 4

/** Some proxies also name the client's port. */
const WITH_PORT = /^(?:\[([\da-f:.]+)\]|([\d.]+))(?::\d{1,5})?$/i

/** The longest address, with an interface's name. */
const LONGEST = 64

/**
 * The client's address without its port. A proxy also passes on what the client itself has written into
 * `X-Forwarded-For`.
 *
 * @returns an empty text for what is no address.
 */
export function clientAddress(named: string | undefined): string {
  const [, ipv6, ipv4] = WITH_PORT.exec(named ?? '') ?? []
  const ip = ipv6 ?? ipv4 ?? named ?? ''
  return ip.length <= LONGEST && ipaddr.isValid(ip) ? ip : ''
}

/** What a limit counts as one client: its IPv4 address, or its IPv6 network. */
export function clientNetwork(named: string): string {
  const ip = clientAddress(named)
  if (ip === '') return 'unknown'
  const address = ipaddr.process(ip) // an IPv4 address written as IPv6 is an IPv4 address
  if (address.kind() === 'ipv4') return address.toString()
  const groups = address instanceof ipaddr.IPv6 ? address.parts.slice(0, IPV6_PREFIX_GROUPS) : []
  return `${groups.map((group) => group.toString(16)).join(':')}::/64`
}
