/** Another sandbox's clock, as `GET /_/clock` and `POST /_/clock/advance`. */
export class FollowedClock {
  readonly #url: string
  #asking: Promise<number | null> | null = null

  constructor(url: string) {
    this.#url = url
  }

  /** @returns its time in milliseconds; null if it doesn't answer. Callers at the same time share one question. */
  now(): Promise<number | null> {
    this.#asking ??= this.#ask(this.#url).finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  /** Moves it forward, and with it everything that follows it. */
  advance(to: number): Promise<number | null> {
    return this.#ask(`${this.#url}/advance`, { to: new Date(to).toISOString() })
  }

  async #ask(url: string, body?: object): Promise<number | null> {
    try {
      const response = await fetch(url, {
        method: body ? 'POST' : 'GET',
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(60_000),
      })
      if (!response.ok) return null
      const { now } = (await response.json()) as { now: string }
      return Date.parse(now)
    } catch {
      return null
    }
  }
}
