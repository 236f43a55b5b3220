/** A map with a maximum size: a new entry beyond it removes the oldest one. */
export class Remembered<Value> {
  readonly #entries = new Map<string, Value>()
  readonly #maximum: number

  constructor(maximum: number) {
    this.#maximum = maximum
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: Value): void {
    this.#entries.delete(key)
    if (this.#entries.size >= this.#maximum) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest)
        break
      }
    }
    this.#entries.set(key, value)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  get size(): number {
    return this.#entries.size
  }
}
