import ipaddr from 'ipaddr.js'

/**
 * Public by its number, but the host agent of Azure's machines, which hands out credentials. The other clouds' metadata
 * services have link-local, private or reserved addresses.
 *
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const AZURE_HOST = '168.63.129.16'

/** Global IPv6 addresses. Everything outside is local, embeds an IPv4 address, or is not assigned. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** An interface identifier of ISATAP (RFC 5214), which embeds an IPv4 address behind any prefix. */
const ISATAP = 0x5efe

/** Networks that no setting opens: they are never another program's address. */
const NEVER = new Set(['unspecified', 'broadcast', 'multicast', 'linkLocal'])

/** Whether `text` is a network in CIDR notation, or a single address. */
export const isNetwork = (text: string): boolean => ipaddr.isValidCIDR(text) || isAddress(text)

/** Whether `text` is an IP address as it is usually written, with four decimal numbers or in IPv6. */
export const isAddress = (text: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)

/**
 * Whether a webhook may be sent to an address: to public ones, and to those in `networks`.
 *
 * Addresses that stand for another one (mapped, NAT64, 6to4, Teredo, ISATAP) are refused, whatever they stand for. An
 * IPv4 address that is mapped into IPv6 is judged as IPv4, because that is where the connection goes.
 *
 * @param networks networks in CIDR notation, or single addresses.
 */
export function mayReach(address: string, networks: readonly string[]): boolean {
  if (!isAddress(address)) return false
  const parsed = ipaddr.process(address)
  if (NEVER.has(parsed.range()) || parsed.toString() === AZURE_HOST) return false
  if (networks.some((network) => contains(network, parsed))) return true
  if (parsed.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv4 || (parsed.match(GLOBAL_IPV6) && parsed.parts[5] !== ISATAP)
}

/** Addresses of this machine and its link. In production no setting opens them. */
const OWN_MACHINE = ['127.0.0.1', '::1', '0.0.0.0', '::', '169.254.169.254', 'fe80::1']

/** Whether a network has addresses of this machine itself, or of its link, where clouds have their metadata service. */
export const reachesOwnMachine = (network: string): boolean =>
  OWN_MACHINE.some((address) => contains(network, ipaddr.parse(address)))

function contains(network: string, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const [base, bits] = ipaddr.isValidCIDR(network)
    ? ipaddr.parseCIDR(network)
    : [ipaddr.parse(network), network.includes(':') ? 128 : 32]
  if (base instanceof ipaddr.IPv4) return address instanceof ipaddr.IPv4 && address.match(base, bits)
  return address instanceof ipaddr.IPv6 && address.match(base, bits)
}
