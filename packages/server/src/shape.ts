import { TollgateUnavailable } from './errors.ts'

/** A JSON object whose fields are read with a check of their type. */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>
  readonly #what: string

  /** @throws {TollgateUnavailable} if the value is not an object. */
  constructor(value: unknown, what: string) {
    if (!isObject(value)) throw unexpected(what)
    this.#value = value
    this.#what = what
  }

  text(name: string): string {
    const value = this.#value[name]
    if (typeof value !== 'string') throw unexpected(`${this.#what}.${name}`)
    return value
  }

  textOrNull(name: string): string | null {
    return this.#value[name] == null ? null : this.text(name)
  }

  number(name: string): number {
    const value = this.#value[name]
    if (typeof value !== 'number') throw unexpected(`${this.#what}.${name}`)
    return value
  }

  numberOrNull(name: string): number | null {
    return this.#value[name] == null ? null : this.number(name)
  }

  flag(name: string): boolean {
    const value = this.#value[name]
    if (typeof value !== 'boolean') throw unexpected(`${this.#what}.${name}`)
    return value
  }

  date(name: string): Date {
    const date = new Date(this.text(name))
    if (Number.isNaN(date.getTime())) throw unexpected(`${this.#what}.${name}`)
    return date
  }

  dateOrNull(name: string): Date | null {
    return this.#value[name] == null ? null : this.date(name)
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined
  }

  object(name: string): Fields {
    return new Fields(this.#value[name], `${this.#what}.${name}`)
  }

  list(name: string): Fields[] {
    const value = this.#value[name]
    if (!Array.isArray(value)) throw unexpected(`${this.#what}.${name}`)
    return value.map((item: unknown, index) => new Fields(item, `${this.#what}.${name}[${index}]`))
  }

  entries(): [string, Fields][] {
    return Object.entries(this.#value).map(([name, value]) => [name, new Fields(value, `${this.#what}.${name}`)])
  }

  /** The object itself. */
  raw(): Readonly<Record<string, unknown>> {
    return this.#value
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unexpected(where: string): TollgateUnavailable {
  return new TollgateUnavailable(`The backend's answer has an unexpected form at ${where}. Are both of one version?`)
}
