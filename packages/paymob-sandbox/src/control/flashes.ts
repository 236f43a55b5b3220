import { randomHex } from '../ids.ts'

export interface Flash {
  readonly text: string
  readonly failed: boolean
}

/** Maximum number of messages kept. */
const KEPT = 100

/**
 * Messages about what a button did, for the page that follows. They are not in the URL, because a link could then
 * make the page say anything.
 */
export class Flashes {
  readonly #flashes = new Map<string, Flash>()

  keep(flash: Flash): string {
    const id = randomHex(12)
    this.#flashes.set(id, flash)
    const [oldest] = this.#flashes.keys()
    if (oldest !== undefined && this.#flashes.size > KEPT) this.#flashes.delete(oldest)
    return id
  }

  find(id: unknown): Flash | undefined {
    return typeof id === 'string' ? this.#flashes.get(id) : undefined
  }
}
