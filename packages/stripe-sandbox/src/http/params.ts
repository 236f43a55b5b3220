import { invalidRequest, missingParam } from './errors.ts'
import type { FormHash, FormValue } from './form.ts'

/**
 * Parses one parameter's text, or throws in Stripe's words. `path` is the parameter's full name, such as
 * `items[0][price]`.
 */
export interface Param<T, Presence extends 'required' | 'optional' = 'optional' | 'required'> {
  read(value: FormValue, path: string): T
  readonly presence?: Presence
  /** The parameters in a hash, by name. */
  readonly fields?: Readonly<Record<string, Param<unknown>>>
  /** The entries of a list. */
  readonly of?: Param<unknown>
}

/** The type of a parameter's parsed value. */
export type ParamValue<P> = P extends Param<infer T, 'required' | 'optional'> ? T : never

type Fields = Record<string, Param<unknown>>
type RequiredKeys<F extends Fields> = { [K in keyof F]: F[K] extends { presence: 'required' } ? K : never }[keyof F]
type HashValue<F extends Fields> = { [K in RequiredKeys<F>]: ParamValue<F[K]> } & {
  [K in Exclude<keyof F, RequiredKeys<F>>]?: ParamValue<F[K]>
}
type Flat<T> = { [K in keyof T]: T[K] }

/** Text of at least one character: to Stripe, an empty value means "unset". */
export function string({ max = 5000 } = {}): Param<string> {
  return {
    read(value, path) {
      if (typeof value !== 'string')
        throw invalidRequest(`Invalid string: ${path}`, { param: path, code: 'parameter_invalid_string' })
      if (value === '') throw emptyValue(path)
      if (value.length > max) {
        throw invalidRequest(`Invalid string: ${value.slice(0, 30)}...; must be at most ${max} characters`, {
          param: path,
          code: 'parameter_invalid_string',
        })
      }
      return value
    },
  }
}

/** An email address. */
export function email({ max = 512 } = {}): Param<string> {
  const text = string({ max })
  return {
    read(value, path) {
      const address = text.read(value, path)
      if (!/^[^\s@]+@[^\s@]+$/.test(address))
        throw invalidRequest(`Invalid email address: ${address}`, { param: path, code: 'email_invalid' })
      return address
    },
  }
}

/** Addresses that would run in the page that links to them. */
const SCRIPTS = new Set(['javascript:', 'data:', 'vbscript:'])

/** Where a browser or an app goes on: an address of any scheme, but no script. */
export function returnUrl(): Param<string> {
  const text = string()
  return {
    read(value, path) {
      const url = text.read(value, path)
      if (!URL.canParse(url) || SCRIPTS.has(new URL(url).protocol))
        throw invalidRequest('Not a valid URL', { param: path, code: 'url_invalid' })
      return url
    },
  }
}

/** A whole number; it may be negative unless `min` says otherwise. */
export function integer({ min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = {}): Param<number> {
  return {
    read(value, path) {
      if (value === '') throw emptyValue(path)
      if (typeof value !== 'string' || !/^-?\d+$/.test(value)) {
        throw invalidRequest(`Invalid integer: ${shown(value)}`, { param: path, code: 'parameter_invalid_integer' })
      }
      const number = Number(value)
      if (number < min) {
        throw invalidRequest(
          min === 0 ? 'Invalid non-negative integer' : `This value must be greater than or equal to ${min}.`,
          { param: path, code: 'parameter_invalid_integer' },
        )
      }
      if (number > max)
        throw invalidRequest(`This value must be less than or equal to ${max}.`, {
          param: path,
          code: 'parameter_invalid_integer',
        })
      return number
    },
  }
}

/** The end of the year 9999. */
const LATEST = 253_402_300_799

/** Seconds since 1970. */
export function timestamp(): Param<number> {
  return integer({ min: 0, max: LATEST })
}

/** How many days a customer has to pay an invoice: at most 100 years, so that the date exists. */
export function daysUntilDue(): Param<number> {
  return integer({ min: 0, max: 36_500 })
}

export function boolean(): Param<boolean> {
  return {
    read(value, path) {
      if (value === 'true' || value === 'false') return value === 'true'
      if (value === '') throw emptyValue(path)
      throw invalidRequest(`Invalid boolean: ${shown(value)}`, { param: path })
    },
  }
}

export function oneOf<const Choice extends string>(...choices: Choice[]): Param<Choice> {
  return {
    read(value, path) {
      const choice = choices.find((candidate) => candidate === value)
      if (choice !== undefined) return choice
      throw invalidRequest(
        `Invalid ${path}: must be one of ${choices.slice(0, -1).join(', ')}${choices.length > 1 ? ', or ' : ''}${choices.at(-1)}`,
        { param: path },
      )
    },
  }
}

export function list<T>(of: Param<T>, { max = 100 } = {}): Param<T[]> {
  return {
    of,
    read(value, path) {
      if (!Array.isArray(value)) throw invalidRequest('Invalid array', { param: path })
      if (value.length > max) throw invalidRequest(`Array ${path} may have at most ${max} entries.`, { param: path })
      return value.map((entry, index) => of.read(entry, `${path}[${index}]`))
    },
  }
}

/** A hash of named parameters. Like Stripe, it refuses unknown names. */
export function hash<F extends Fields>(fields: F): Param<Flat<HashValue<F>>> {
  return {
    fields,
    read(value, path) {
      if (typeof value === 'string' || Array.isArray(value)) throw invalidRequest('Invalid object', { param: path })
      const name = (key: string): string => (path === '' ? key : `${path}[${key}]`)
      for (const key of Object.keys(value)) {
        if (!Object.hasOwn(fields, key))
          throw invalidRequest(`Received unknown parameter: ${name(key)}`, {
            param: name(key),
            code: 'parameter_unknown',
          })
      }
      const result: Record<string, unknown> = {}
      for (const [key, field] of Object.entries(fields)) {
        const given = value[key]
        if (given !== undefined) result[key] = field.read(given, name(key))
        else if (field.presence === 'required') throw missingParam(name(key))
      }
      return result as Flat<HashValue<F>>
    },
  }
}

export function required<T>(param: Param<T>): Param<T, 'required'> & { presence: 'required' } {
  return { ...param, read: (value, path) => param.read(value, path), presence: 'required' }
}

/** A parameter that the caller can unset with an empty value. */
export function clearable<T>(param: Param<T>): Param<T | null> {
  return { ...inside(param), read: (value, path) => (value === '' ? null : param.read(value, path)) }
}

/** One of `words`, such as `now`, or a value of `param`. */
export function either<const Word extends string, T>(words: readonly Word[], param: Param<T>): Param<Word | T> {
  return {
    ...inside(param),
    read: (value, path) => words.find((word) => word === value) ?? param.read(value, path),
  }
}

/** What {@link Param} says of the parameters inside another. */
const inside = ({ fields, of }: Param<unknown>) => ({ ...(fields && { fields }), ...(of && { of }) })

/**
 * Metadata to merge: a null value removes its key, and null in place of the hash removes all keys.
 * At most 50 keys, 40 characters per key and 500 per value: https://docs.stripe.com/api/metadata
 */
export function metadata(): Param<Record<string, string | null> | null> {
  return {
    read(value, path) {
      if (value === '') return null
      if (typeof value === 'string') throw invalidRequest('Invalid object', { param: path })
      const entries = Array.isArray(value)
        ? value.map((entry, index) => [String(index), entry] as const)
        : Object.entries(value)
      if (entries.length > 50) throw invalidRequest('Metadata may have at most 50 keys.', { param: path })
      return Object.fromEntries(entries.map(([key, text]) => [key, metadataText(text, key, `${path}[${key}]`)]))
    },
  }
}

function metadataText(value: FormValue, key: string, path: string): string | null {
  if (key.length > 40)
    throw invalidRequest(`Metadata keys can have up to 40 characters. Your key has ${key.length}.`, { param: path })
  if (typeof value !== 'string') throw invalidRequest('Metadata values must be strings.', { param: path })
  if (value.length > 500) {
    throw invalidRequest(
      `Metadata values can have up to 500 characters, but you passed in a value that is ${value.length} characters.`,
      { param: path },
    )
  }
  return value === '' ? null : value
}

/** Merges changes parsed by {@link metadata} into the metadata an object has. */
export function mergeMetadata(
  old: Readonly<Record<string, string>>,
  changes: Record<string, string | null> | null | undefined,
): Record<string, string> {
  if (changes === null) return {}
  return Object.fromEntries(
    Object.entries({ ...old, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null),
  )
}

/** A parameter that the sandbox accepts and ignores. */
export function anything(): Param<FormValue> {
  return { read: (value) => value }
}

/** `created`, `current_period_end`, …: an exact time or a range. */
export function timeRange(): Param<{ gt?: number; gte?: number; lt?: number; lte?: number }> {
  const range = hash({ gt: timestamp(), gte: timestamp(), lt: timestamp(), lte: timestamp() })
  return {
    read(value, path) {
      if (typeof value !== 'string') return range.read(value, path)
      const exact = timestamp().read(value, path)
      return { gte: exact, lte: exact }
    },
  }
}

/** Whether a time is in a range; without a range, every time is. */
export function isWithin(
  time: number,
  { gt, gte, lt, lte }: { gt?: number; gte?: number; lt?: number; lte?: number } = {},
): boolean {
  return (
    (gt === undefined || time > gt) &&
    (gte === undefined || time >= gte) &&
    (lt === undefined || time < lt) &&
    (lte === undefined || time <= lte)
  )
}

/** Parses all parameters of a request. */
export function readParams<T>(params: Param<T>, form: FormHash): T {
  return params.read(form, '')
}

function shown(value: FormValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function emptyValue(path: string): Error {
  return invalidRequest(
    `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; however '${path}' cannot be unset. You should remove '${path}' from your request or supply a non-empty value.`,
    { param: path, code: 'parameter_invalid_empty' },
  )
}
