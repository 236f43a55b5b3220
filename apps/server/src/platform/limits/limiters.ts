import type { CountPoints } from './count-points.ts'
import { ExpiringMap } from './expiring-map.ts'
import { RateLimited } from './limits.errors.ts'

/** Maximum number of calls (points) in a period of milliseconds. A key's period begins with its first call. */
export interface Limit {
  readonly points: number
  readonly within: number
}

/** Counts calls by key. */
export interface Limiter {
  /** @throws {RateLimited} */
  consume(key: string): Promise<void>
}

export interface SharedLimiterOptions extends Limit {
  /** Begins the keys of this limiter's counters. */
  readonly prefix: string
  /**
   * Remembers keys over the limit in memory, so that a flood of calls does not become a flood of statements. A key then
   * stays blocked for the rest of its period, even if points are taken back.
   */
  readonly remembers: boolean
}

/** A limit that is counted in the database and shared by all replicas. */
export class SharedLimiter implements Limiter {
  readonly #count: CountPoints
  readonly #options: SharedLimiterOptions
  readonly #blocked = new ExpiringMap<true>()

  constructor(count: CountPoints, options: SharedLimiterOptions) {
    this.#count = count
    this.#options = options
  }

  async consume(key: string): Promise<void> {
    const block = this.#blocked.get(key)
    if (block) throw new RateLimited(block.until - performance.now())
    const { points, msLeft } = await this.#add(key, 1)
    if (points <= this.#options.points) return
    if (this.#options.remembers) this.#blocked.set(key, true, performance.now() + msLeft)
    throw new RateLimited(msLeft)
  }

  /** Takes back one call. */
  async giveBack(key: string): Promise<void> {
    await this.#add(key, -1)
  }

  async #add(key: string, change: number): Promise<{ points: number; msLeft: number }> {
    const { prefix, within } = this.#options
    const counter = await this.#count({ key: `${prefix}:${key}`, points: change, expire: Date.now() + within })
    return { points: counter.points, msLeft: Number(counter.expire) - Date.now() }
  }
}

/** A limit that each process counts in its own memory. */
export class LocalLimiter implements Limiter {
  readonly #limit: Limit
  readonly #counters = new ExpiringMap<{ points: number }>()

  constructor(limit: Limit) {
    this.#limit = limit
  }

  async consume(key: string): Promise<void> {
    const known = this.#counters.get(key)
    if (!known) return this.#counters.set(key, { points: 1 }, performance.now() + this.#limit.within)
    known.value.points += 1
    if (known.value.points > this.#limit.points) throw new RateLimited(known.until - performance.now())
  }
}
