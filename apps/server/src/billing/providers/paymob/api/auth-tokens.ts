import { MINUTE } from '../../../../platform/durations.ts'

/** How long a token is used. Paymob expires it after 60 minutes. */
const LIFETIME = 50 * MINUTE

/**
 * The auth token that the API key was exchanged for. Simultaneous calls share one exchange, and a failed exchange is
 * forgotten.
 */
export class AuthTokens {
  #asked: { token: Promise<string>; at: number } | null = null

  /** @param exchange asks Paymob for a token. */
  async get(exchange: () => Promise<string>): Promise<string> {
    if (this.#asked && performance.now() - this.#asked.at < LIFETIME) return this.#asked.token
    const asked = { token: exchange(), at: performance.now() }
    this.#asked = asked
    try {
      return await asked.token
    } catch (error) {
      if (this.#asked === asked) this.#asked = null
      throw error
    }
  }

  /** Forgets a token that Paymob refused. A newer one stays. */
  async forget(refused: string): Promise<void> {
    const asked = this.#asked
    if (!asked) return
    const token = await asked.token.catch(() => refused)
    if (token === refused && this.#asked === asked) this.#asked = null
  }
}
