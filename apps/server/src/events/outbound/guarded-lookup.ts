import { Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { isAddress, mayReach } from '../../platform/http/address-rules.ts'

/** Finds the addresses of a host. */
export type Resolve = (host: string) => Promise<string[]>

/** Thrown for a host that may not be reached. Its text does not say which address the host has. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'

  constructor() {
    super('The host has an address that is private or reserved.')
  }
}

class HostNotFound extends Error {
  readonly code = 'ENOTFOUND'
}

/**
 * Makes a function that asks the DNS itself. Unlike `dns.lookup` it needs no thread, so a name server that hangs holds
 * up nothing else. It does not read the machine's hosts file.
 */
export function createResolve(): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  return async (host) => {
    // A name server need not know this machine's own name (RFC 6761).
    if (/(?:^|\.)localhost\.?$/i.test(host)) return ['127.0.0.1', '::1']
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    if (addresses.length > 0) return addresses
    const failed = answers.find((answer) => answer.status === 'rejected')
    throw failed?.reason instanceof Error ? failed.reason : new HostNotFound('The host has no address.')
  }
}

/**
 * Makes the function that a socket calls to find its address. It is asked once per connection, and the socket connects
 * to exactly the addresses that were checked. So a name server that answers differently the next time gains nothing.
 *
 * A single address that may not be reached refuses all of them.
 */
export function createGuardedLookup(resolve: Resolve, networks: readonly string[]): LookupFunction {
  return (host, { all }, answer) => {
    void resolve(host).then(
      (addresses) => {
        const [first] = addresses
        if (first === undefined || !addresses.every((address) => mayReach(address, networks)))
          return answer(new AddressRefused(), [])
        if (all) return answer(null, addresses.map(withFamily))
        return answer(null, first, withFamily(first).family)
      },
      (error: unknown) => answer(error instanceof Error ? error : new HostNotFound('The host has no address.'), []),
    )
  }
}

/**
 * Checks a host that is an address itself, for which a socket asks no one.
 *
 * @throws {AddressRefused}
 */
export function checkLiteral(host: string, networks: readonly string[]): void {
  if (isAddress(host) && !mayReach(host, networks)) throw new AddressRefused()
}

const withFamily = (address: string) => ({ address, family: address.includes(':') ? 6 : 4 })
