import { createHash } from 'node:crypto'
import type { Account } from '../state/account.ts'
import { DAY, wallNow } from '../time.ts'
import { invalidRequest, StripeApiError } from './errors.ts'

const KEPT_FOR = DAY
const MAX_KEY_LENGTH = 255

/** A response as it was sent. */
export interface Answer {
  readonly status: number
  readonly body: string
}

/**
 * Answers a repeated POST with the first one's response: https://docs.stripe.com/api/idempotent_requests
 *
 * It keeps the response of every request that was executed, including 402 and 5xx. It keeps no other 4xx: such a
 * request changed nothing, so the caller may correct it and use the key again.
 */
export class IdempotencyKeys {
  readonly #account: Account
  readonly #running = new Set<string>()

  constructor(account: Account) {
    this.#account = account
  }

  /**
   * Looks up a key, and holds a new one until {@link finish} or {@link release}.
   *
   * @returns the response kept for this key; undefined if the caller must execute the request.
   * @throws {StripeApiError} 400 if the key is too long.
   * @throws {StripeApiError} 400 `idempotency_error` if the key was used for a different request.
   * @throws {StripeApiError} 409 `idempotency_key_in_use` while the first request with this key is running.
   */
  begin(key: string, request: { method: string; path: string; body: string }): Answer | undefined {
    if (key.length > MAX_KEY_LENGTH)
      throw invalidRequest(`Idempotency key is too long. Keys must be ${MAX_KEY_LENGTH} characters or less.`)
    const kept = this.#account.idempotencyKeys.find(key)
    if (kept && kept.recorded > wallNow() - KEPT_FOR) {
      if (kept.fingerprint !== fingerprintOf(request)) {
        throw new StripeApiError(400, {
          type: 'idempotency_error',
          message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
        })
      }
      return { status: kept.status, body: kept.body }
    }
    if (this.#running.has(key)) {
      throw new StripeApiError(409, {
        type: 'idempotency_error',
        code: 'idempotency_key_in_use',
        message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Try again later.`,
      })
    }
    this.#running.add(key)
    return undefined
  }

  /** Releases the key, and keeps the response unless the request was refused before it was executed. */
  finish(
    key: string,
    request: { method: string; path: string; body: string },
    answer: Answer,
    requestId: string,
  ): void {
    this.#running.delete(key)
    if (answer.status >= 400 && answer.status < 500 && answer.status !== 402) return
    this.#account.journal.transaction(() => {
      this.#account.idempotencyKeys.remove(key)
      this.#account.idempotencyKeys.insert({
        id: key,
        recorded: wallNow(),
        fingerprint: fingerprintOf(request),
        ...answer,
        requestId,
      })
    })
  }

  /** Releases the key without a response: the next request with it is executed. */
  release(key: string): void {
    this.#running.delete(key)
  }
}

function fingerprintOf({ method, path, body }: { method: string; path: string; body: string }): string {
  return createHash('sha256').update(`${method} ${path}\n${body}`).digest('base64url')
}
