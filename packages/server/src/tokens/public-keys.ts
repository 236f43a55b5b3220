import { importJWK, type CryptoKey } from 'jose'
import { TollgateUnavailable } from '../errors.ts'
import type { Backend } from '../http/backend.ts'
import type { Settings } from '../options.ts'
import type { Fields } from '../shape.ts'
import { createSignatureCheck, type SignatureCheck } from './signature-check.ts'

export interface PublicKey {
  /** For jose. */
  readonly key: CryptoKey
  /** Undefined where only jose can check signatures. */
  readonly check: SignatureCheck | undefined
}

export interface PublicKeys {
  /** Returns a public key if that takes no waiting: it is known, and the keys are not old. */
  known(id: string): PublicKey | undefined
  /**
   * Finds a public key.
   *
   * @returns undefined if the backend has no such key.
   * @throws {TollgateUnavailable} if that can't be told, because the backend can't be reached.
   */
  find(id: string): Promise<PublicKey | undefined>
  /**
   * Whether the backend has no public keys at all, because it signs with a secret.
   *
   * @throws {TollgateUnavailable} if that can't be told.
   */
  areNone(): Promise<boolean>
}

const SECOND = 1000
/** After this time the keys are fetched again, while the old ones go on working. */
const REFRESH_AFTER = 300 * SECOND
/** How long to wait after a fetch that failed. */
const RETRY_AFTER = 5 * SECOND
/** How long a refresh keeps others from starting. After that, its runtime has canceled it. */
const REFRESH_LASTS = 30 * SECOND
/** How long to wait before an unknown key causes another fetch: anyone can name one. */
const UNKNOWN_AGAIN_AFTER = 30 * SECOND
/** How long keys are used while the backend can't be reached. */
const LONGEST_USE = 24 * 3600 * SECOND

export function createPublicKeys({ now, background, onError }: Settings, backend: Backend): PublicKeys {
  let keys = new Map<string, PublicKey>()
  let loadedAt = Number.NEGATIVE_INFINITY
  let failure: { readonly error: unknown; readonly at: number } | undefined
  let unknownAt = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined
  let refreshingSince = Number.NEGATIVE_INFINITY

  async function fetchKeys(): Promise<void> {
    try {
      const answer = await backend.call({ method: 'GET', path: '/.well-known/jwks.json', withKey: false })
      keys = await importKeys(answer.list('keys'))
      loadedAt = now()
      failure = undefined
    } catch (error) {
      failure = { error, at: now() }
      throw error
    }
  }

  /** One fetch serves all who wait, unless one request must not wait for the work of another. */
  function load(): Promise<void> {
    if (!background) return fetchKeys()
    running ??= fetchKeys().finally(() => (running = undefined))
    return running
  }

  /** Fetches the keys if they are old. A failure leaves the old ones in use. */
  async function refresh(): Promise<void> {
    if (now() - refreshingSince < REFRESH_LASTS) return
    refreshingSince = now()
    try {
      await load()
    } catch (error) {
      onError(error)
    } finally {
      refreshingSince = Number.NEGATIVE_INFINITY
    }
  }

  /** A failure of a moment ago, after which it is too early for another try. */
  const freshFailure = () => (failure && now() - failure.at < RETRY_AFTER ? failure : undefined)

  async function ready(): Promise<void> {
    const at = now()
    const failed = freshFailure()
    if (at - loadedAt >= LONGEST_USE) {
      if (failed) throw unreachable(failed.error)
      await load().catch((error: unknown) => {
        throw unreachable(error)
      })
    } else if (at - loadedAt >= REFRESH_AFTER && !failed) {
      const refreshed = refresh()
      if (!background) await refreshed
    }
  }

  return {
    known: (id) => (now() - loadedAt < REFRESH_AFTER ? keys.get(id) : undefined),
    async find(id) {
      await ready()
      const key = keys.get(id)
      if (key) return key
      const failed = freshFailure()
      if (failed) throw unreachable(failed.error)
      if (now() - unknownAt >= UNKNOWN_AGAIN_AFTER) {
        unknownAt = now()
        await load().catch((error: unknown) => {
          unknownAt = Number.NEGATIVE_INFINITY
          throw unreachable(error)
        })
      } else if (running) await running.catch(() => undefined)
      return keys.get(id)
    },
    async areNone() {
      await ready()
      return keys.size === 0
    },
  }
}

/** Keys of other kinds are left out: a newer backend may have them beside ours. */
async function importKeys(list: readonly Fields[]): Promise<Map<string, PublicKey>> {
  const keys = new Map<string, PublicKey>()
  for (const fields of list) {
    const { kty, crv, x, y, kid, alg = 'ES256', use = 'sig' } = fields.raw()
    const isOurs = kty === 'EC' && crv === 'P-256' && alg === 'ES256' && use === 'sig'
    if (!isOurs || typeof x !== 'string' || typeof y !== 'string' || typeof kid !== 'string') continue
    const key = await importJWK({ kty, crv, x, y }, 'ES256')
    if (!(key instanceof Uint8Array)) keys.set(kid, { key, check: createSignatureCheck({ x, y }) })
  }
  return keys
}

function unreachable(cause: unknown): TollgateUnavailable {
  const why = cause instanceof Error ? ` ${cause.message}` : ''
  return new TollgateUnavailable(`The backend's public keys could not be read.${why}`, { cause })
}
