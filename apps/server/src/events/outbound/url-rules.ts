import { isAddress } from '../../platform/http/address-rules.ts'

/** What webhook endpoints may be, as the settings say. */
export interface OutboundSettings {
  /** Requires https, a public host name, and a port of https. */
  readonly isProduction: boolean
  /** Networks that endpoints may be in besides the public ones, in CIDR notation. */
  readonly networks: readonly string[]
}

/** Maximum characters of a URL in its normal form, which encodes other characters than those of ASCII. */
const LONGEST_URL = 2_000

/** The port of https, and the usual second one. Others belong to databases, mail servers and the like. */
const PORTS = new Set(['', '8443'])

/** Names that are never public (RFC 6761, RFC 6762, RFC 8375, and ICANN's reservation of `.internal`). */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa|localdomain)\.?$/

/**
 * Reads the address of a webhook endpoint. Which addresses its host has is checked at each delivery, because the answer
 * may change.
 *
 * @returns the URL in its normal form, or what is wrong with it.
 */
export function readEndpointUrl(
  text: string,
  { isProduction, networks }: OutboundSettings,
): { url: URL; problem?: never } | { problem: string } {
  // The URL standard also accepts backslashes and drops tabs; other programs may read another host in them.
  const authority = /^https?:\/\/([^\s\\/?#]+)(?:[/?#][^\s\\]*)?$/i.exec(text)?.[1]
  if (authority === undefined || !URL.canParse(text)) return { problem: 'must be an absolute URL (https://…)' }
  const url = new URL(text)
  if (isProduction && url.protocol !== 'https:') return { problem: 'must be an https URL' }
  if (url.username || url.password || authority.includes('@'))
    return { problem: 'must not contain a user name or password' }
  if (url.hash) return { problem: 'must not contain a fragment (#…)' }

  if (url.href.length > LONGEST_URL) return { problem: `must have at most ${LONGEST_URL} characters when encoded` }

  const host = url.hostname.replaceAll(/^\[|\]$/g, '')
  // Numbers in other notations, such as 2130706433 or 0x7f.1, are only used to hide an address.
  if (isAddress(host) && authority.toLowerCase().replace(/:\d*$/, '') !== url.hostname)
    return { problem: 'must name its host in the usual form' }
  if (url.port === '0') return { problem: 'must have a port from 1 to 65535' }
  if (!isProduction) return { url }

  if (isAddress(host)) return { problem: 'must name a host, not an IP address' }
  if (networks.length === 0 && (!host.includes('.') || LOCAL_NAME.test(host)))
    return { problem: 'must name a host that is reachable from the internet' }
  if (!PORTS.has(url.port)) return { problem: 'must use port 443 or 8443' }
  return { url }
}
