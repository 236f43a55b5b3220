import { HOUR } from '../dates.ts'
import { randomHex } from '../ids.ts'

/** How long an auth token is valid, by the wall clock. */
const TOKEN_LIFE = HOUR

/** The auth tokens that the API key was exchanged for. They are forgotten when the sandbox stops. */
export class Tokens {
  readonly #expiries = new Map<string, number>()

  create(): string {
    const now = Date.now()
    for (const [token, expiry] of this.#expiries) if (expiry <= now) this.#expiries.delete(token)
    const token = `ZXlK${randomHex(64)}`
    this.#expiries.set(token, now + TOKEN_LIFE)
    return token
  }

  isValid(token: string): boolean {
    return (this.#expiries.get(token) ?? 0) > Date.now()
  }

  /** Expires every token now. */
  expireAll(): void {
    this.#expiries.clear()
  }
}
