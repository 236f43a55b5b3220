import { randomText } from '../ids.ts'

export interface Flash {
  readonly text: string
  readonly failed: boolean
}

const KEPT = 100

/** Sentences about what a button did, for the page after it. Not in the address: there, anybody could write what the page says. */
export class Flashes {
  readonly #flashes = new Map<string, Flash>()

  keep(flash: Flash): string {
    const id = randomText(12)
    this.#flashes.set(id, flash)
    const [oldest] = this.#flashes.keys()
    if (oldest !== undefined && this.#flashes.size > KEPT) this.#flashes.delete(oldest)
    return id
  }

  find(id: unknown): Flash | undefined {
    return typeof id === 'string' ? this.#flashes.get(id) : undefined
  }
}
