/** The map is never searched for expired entries while it has fewer entries than this. */
const SMALL = 1_000

interface Entry<Value> {
  readonly value: Value
  /** By `performance.now()`, which nobody sets back. */
  readonly until: number
}

/**
 * A map in memory whose entries expire. An expired entry is never found. All expired entries are removed whenever the
 * map has doubled in size, so it stays small, and adding an entry stays cheap.
 */
export class ExpiringMap<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  #cleanAt = SMALL

  get size(): number {
    return this.#entries.size
  }

  get(key: string): Entry<Value> | undefined {
    const entry = this.#entries.get(key)
    return entry && entry.until > performance.now() ? entry : undefined
  }

  set(key: string, value: Value, until: number): void {
    this.#entries.set(key, { value, until })
    if (this.#entries.size >= this.#cleanAt) this.#removeExpired()
  }

  #removeExpired(): void {
    const now = performance.now()
    for (const [key, { until }] of this.#entries) if (until <= now) this.#entries.delete(key)
    this.#cleanAt = Math.max(SMALL, 2 * this.#entries.size)
  }
}
