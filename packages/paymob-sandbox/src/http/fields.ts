import { isDate } from '../dates.ts'
import { badField } from './errors.ts'

/** The fields of a JSON body, read with Paymob's words for what is wrong with them. */
export class Fields {
  readonly #fields: Readonly<Record<string, unknown>>

  constructor(body: unknown) {
    this.#fields = isRecord(body) ? body : {}
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined
  }

  raw(name: string): unknown {
    return this.#fields[name]
  }

  text(name: string): string {
    const value = this.optionalText(name)
    if (value === null) throw badField(name, 'This field is required.')
    return value
  }

  optionalText(name: string): string | null {
    const value = this.#fields[name]
    if (value === undefined || value === null || value === '') return null
    if (typeof value !== 'string') throw badField(name, 'Not a valid string.')
    return value
  }

  /** A whole number of at least `least`, also as a text of digits. */
  integer(name: string, least = 0): number {
    const value = this.optionalInteger(name, least)
    if (value === null) throw badField(name, 'This field is required.')
    return value
  }

  optionalInteger(name: string, least = 0): number | null {
    const value = this.#fields[name]
    if (value === undefined || value === null) return null
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
    if (typeof number !== 'number' || !Number.isSafeInteger(number))
      throw badField(name, 'A valid integer is required.')
    if (number < least) throw badField(name, `Ensure this value is greater than or equal to ${least}.`)
    return number
  }

  boolean(name: string, byDefault: boolean): boolean {
    const value = this.#fields[name] ?? byDefault
    if (typeof value !== 'boolean') throw badField(name, 'Must be a valid boolean.')
    return value
  }

  optionalDate(name: string): string | null {
    const value = this.optionalText(name)
    if (value !== null && !isDate(value))
      throw badField(name, 'Date has wrong format. Use one of these formats instead: YYYY-MM-DD.')
    return value
  }

  optionalUrl(name: string): string | null {
    const value = this.optionalText(name)
    if (value !== null && !URL.canParse(value)) throw badField(name, 'Enter a valid URL.')
    return value
  }

  list(name: string): unknown[] {
    const value = this.#fields[name] ?? []
    if (!Array.isArray(value)) throw badField(name, 'Expected a list of items.')
    return value
  }

  record(name: string): Record<string, unknown> {
    const value = this.#fields[name] ?? {}
    if (!isRecord(value)) throw badField(name, 'Expected a dictionary of items.')
    return value
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
