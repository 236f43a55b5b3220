import { TollgateMisuse } from './errors.ts'
import { isAsleepBetweenRequests } from './runtime.ts'

export interface TollgateServerOptions {
  /** The backend's address as this program reaches it, such as `https://api.example.com`. */
  url: string
  /**
   * A service key (`tgsk_…`). With the scope `introspect`, ended sessions are refused within 3 seconds. The other
   * functions name the scopes that they need.
   */
  serviceKey?: string | undefined
  /** The tokens' issuer: the backend's `JWT_ISSUER`. By default `url`, as the backend's default is its `API_URL`. */
  issuer?: string | undefined
  /** The tokens' audience: the backend's `JWT_AUDIENCE`. By default `tollgate`. */
  audience?: string | undefined
  /**
   * What `verify` does once the list of ended sessions has not been reachable for `revocationPatience`: refuse every
   * token with `UNAVAILABLE` (the default), or accept tokens until they expire, as without a service key.
   */
  onRevocationsLost?: 'refuse' | 'accept' | undefined
  /** How many seconds the list of ended sessions may be unreachable before `onRevocationsLost` counts. 60 by default. */
  revocationPatience?: number | undefined
  /** How many milliseconds one call, with its repeats, may take. 5000 by default. */
  timeout?: number | undefined
  /** How many milliseconds `entitlements` answers from memory. 5000 by default, 0 for never. */
  entitlementsFor?: number | undefined
  /** Gets failures in the background and errors of event handlers. Without it, they are dropped. */
  onError?: ((error: unknown) => unknown) | undefined
  /** Sends requests instead of the global `fetch`. */
  fetch?: typeof fetch | undefined
  /**
   * Whether work may go on between requests. By default it may, except on runtimes that are known to sleep then:
   * Cloudflare's workers, Vercel's edge, AWS Lambda and Google's Cloud Run.
   */
  background?: boolean | undefined
  /** The current time in milliseconds. `Date.now` by default. */
  now?: (() => number) | undefined
}

export interface Settings {
  readonly url: string
  readonly serviceKey: string | undefined
  readonly issuer: string
  readonly audience: string
  readonly acceptsWithoutRevocations: boolean
  readonly revocationPatience: number
  readonly timeout: number
  readonly entitlementsFor: number
  readonly onError: (error: unknown) => void
  readonly fetch: typeof fetch
  readonly background: boolean
  readonly now: () => number
}

const SECOND = 1000
const SERVICE_KEY = /^tgsk_[\w-]{43}$/

/**
 * Checks the options and fills in the defaults. Times are in milliseconds.
 *
 * @throws {TollgateMisuse} for an invalid option.
 */
export function readOptions(options: TollgateServerOptions): Settings {
  const url = readUrl(options.url)
  const { serviceKey, onRevocationsLost = 'refuse', onError } = options
  if (serviceKey !== undefined && !SERVICE_KEY.test(serviceKey)) {
    throw new TollgateMisuse('serviceKey must be a service key: tgsk_ and 43 characters.')
  }
  if (serviceKey !== undefined && 'document' in globalThis) {
    throw new TollgateMisuse('A service key must not be used in a browser, where everyone can read it.')
  }
  if (!['refuse', 'accept'].includes(onRevocationsLost)) {
    throw new TollgateMisuse("onRevocationsLost must be 'refuse' or 'accept'.")
  }
  return {
    url,
    serviceKey,
    issuer: options.issuer ?? url,
    audience: options.audience ?? 'tollgate',
    acceptsWithoutRevocations: onRevocationsLost === 'accept',
    revocationPatience: time('revocationPatience', options.revocationPatience ?? 60) * SECOND,
    timeout: time('timeout', options.timeout ?? 5 * SECOND, 1),
    entitlementsFor: time('entitlementsFor', options.entitlementsFor ?? 5 * SECOND),
    onError: (error) => void report(onError, error),
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    background: options.background ?? !isAsleepBetweenRequests(),
    now: options.now ?? Date.now,
  }
}

/** A logger that fails must not stop the work in the background. */
async function report(onError: TollgateServerOptions['onError'], error: unknown): Promise<void> {
  try {
    await onError?.(error)
  } catch {
    // There is no one else to tell.
  }
}

function readUrl(text: string): string {
  if (!URL.canParse(text) || !isBase(new URL(text))) {
    throw new TollgateMisuse('url must be the address of your Tollgate backend, such as https://api.example.com')
  }
  return text.replace(/\/+$/, '')
}

/** Whether paths can be appended to an address. It has no password, because errors name it. */
function isBase({ protocol, username, password, search, hash }: URL): boolean {
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === ''
}

/** @throws {TollgateMisuse} if the value is not a number from `atLeast`. */
export function time(name: string, value: number, atLeast = 0): number {
  if (Number.isFinite(value) && value >= atLeast) return value
  throw new TollgateMisuse(`${name} must be a number from ${atLeast}.`)
}
