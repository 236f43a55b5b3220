import type { Described } from './description.ts'
import { invalidRequest } from './errors.ts'
import { newHash, type FormHash, type FormValue } from './form.ts'
import { DESCRIPTION } from './generated/stripe-parameters.ts'
import { boolean, hash, list, oneOf, string, type Param } from './params.ts'
import { isRefusable, refuseAsStripe } from './refusals.ts'
import { hasNoEffect } from './without-effect.ts'

/** A request's parameters, divided into those that a route reads, and those that it accepts and does not act on. */
export interface Divided {
  readonly read: FormHash
  /** By name, with the types that an answer has. */
  readonly accepted: Readonly<Record<string, unknown>>
}

/**
 * Divides a request's parameters. What Stripe knows and the route does not read is checked by its type, and accepted if
 * it has no effect here. What Stripe refuses on accounts like this one is refused in its words.
 *
 * @param key the route, such as `POST /v1/customers/{}`.
 * @throws {StripeApiError} 400 for a value of a wrong type, and in the sandbox's own words for what Stripe would act on
 *   and the sandbox does not. What Stripe does not know either is left to the route, which refuses it in Stripe's words.
 */
export function divideParams(key: string, params: Param<unknown>, form: FormHash): Divided {
  const described = DESCRIPTION.routes[key]
  if (described === undefined) return { read: form, accepted: {} }
  const { rest, accepted } = divide(form, { key, params, described, path: '', name: '' })
  return { read: rest as FormHash, accepted: isHash(accepted) ? accepted : {} }
}

/** Which of these parameters the route's answer has as fields. */
export const echoed = (key: string, accepted: Readonly<Record<string, unknown>>): [name: string, value: unknown][] =>
  Object.entries(accepted)
    .filter(([name]) => DESCRIPTION.echoes[key]?.includes(name))
    .map(([name, value]) => [name, name === 'amount_details' && isHash(value) ? shownDetails(value) : value])

/** The answer has no lines unless they are expanded, and never how they were checked. */
const shownDetails = ({
  enforce_arithmetic_validation: _check,
  line_items: _lines,
  ...shown
}: Readonly<Record<string, unknown>>) => shown

/** All parameters of a route that Stripe knows, checked by their types. */
export function describedParams(key: string): Param<unknown> {
  // Read late: the script that describes the routes has no description of a new one yet.
  return { read: (value, path) => paramOf(DESCRIPTION.routes[key] ?? 'any', '').read(value, path) }
}

/** The words that Stripe knows for the entries of a list parameter, such as the names of events. */
export function describedWords(key: string, name: string): readonly string[] {
  const described = fieldsIn(DESCRIPTION.routes[key] ?? 'any')?.[name]
  const entry = described === undefined ? undefined : listIn(described)
  return entry === undefined ? [] : wordsIn(entry)
}

interface Place {
  readonly key: string
  readonly params: Param<unknown>
  readonly described: Described
  /** As an error names it: `line_items[0][price]`. */
  readonly path: string
  /** The same without places in lists: `line_items.price`. */
  readonly name: string
}

function divide(value: FormValue, place: Place): { rest: FormValue; accepted?: unknown } {
  const { params, described, path } = place
  if (Array.isArray(value)) {
    const { of } = params
    const entry = listIn(described)
    if (!of || entry === undefined) return { rest: checkType(value, place) }
    return {
      rest: value.map(
        (each, at) => divide(each, { ...place, params: of, described: entry, path: `${path}[${at}]` }).rest,
      ),
    }
  }
  if (typeof value === 'string') {
    refuseWord(value, place)
    refuseUnknownWord(value, place)
    return { rest: value }
  }
  const known = fieldsIn(described)
  const { fields } = params
  if (!fields || !known) return { rest: checkType(value, place) }
  const rest = newHash()
  const accepted: Record<string, unknown> = {}
  for (const [name, given] of Object.entries(value)) {
    const inner = Object.hasOwn(known, name) ? known[name] : undefined
    const at = {
      ...place,
      path: path === '' ? name : `${path}[${name}]`,
      name: place.name === '' ? name : `${place.name}.${name}`,
    }
    const own = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (own) {
      const divided: ReturnType<typeof divide> =
        inner === undefined ? { rest: given } : divide(given, { ...at, params: own, described: inner })
      rest[name] = divided.rest
      if (divided.accepted !== undefined) accepted[name] = divided.accepted
    } else if (inner === undefined) rest[name] = given
    else accepted[name] = accept(given, { ...at, params, described: inner })
  }
  return { rest, ...(Object.keys(accepted).length > 0 && { accepted }) }
}

function accept(value: FormValue, { key, described, path, name }: Place): unknown {
  const accepted = paramOf(described, name).read(value, path)
  refuseAsStripe(key, name, accepted, path)
  if (!isRefusable(key, name) && !hasNoEffect(key, name, accepted))
    throw invalidRequest(`This sandbox does not support ${path} yet. Stripe does.`, { param: path })
  return accepted
}

/** A word that Stripe knows, where the route has only some of them. */
function refuseWord(value: string, { key, name, params, described, path }: Place): void {
  if (!wordsIn(described).includes(value) || value === '') return
  try {
    params.read(value, path)
  } catch {
    refuseAsStripe(key, name, value, path)
    throw invalidRequest(`This sandbox does not support '${value}' for ${path} yet. Stripe does.`, { param: path })
  }
}

/** A word that Stripe does not know either, where the route takes any text. */
function refuseUnknownWord(value: string, { params, described, path }: Place): void {
  if (value === '' || !isAnyText(params)) return
  if (choicesIn(described).every((type) => typeof type === 'object' && 'enum' in type))
    words(wordsIn(described)).read(value, path)
}

/** Checks a hash or a list by its type, where the route takes anything. */
function checkType<T extends FormValue>(value: T, { params, described, name, path }: Place): T {
  if (isAnyText(params)) paramOf(described, name).read(value, path)
  return value
}

/** Whether a route takes any text for a parameter, and leaves it to the description which words there are. */
function isAnyText(params: Param<unknown>): boolean {
  try {
    params.read('any text', '')
    return true
  } catch {
    return false
  }
}

function resolve(described: Described): Exclude<Described, number> {
  if (typeof described !== 'number') return described
  const type = DESCRIPTION.shared[described]
  if (type === undefined) throw new Error(`No shared type ${described}`)
  return resolve(type)
}

const choicesIn = (described: Described): Exclude<Described, number>[] => {
  const type = resolve(described)
  return typeof type === 'object' && 'or' in type ? type.or.flatMap(choicesIn) : [type]
}
const fieldsIn = (described: Described): Readonly<Record<string, Described>> | null => {
  const hashes = choicesIn(described).flatMap((type) => (typeof type === 'object' && 'hash' in type ? [type.hash] : []))
  return hashes.length === 0 ? null : Object.fromEntries(hashes.flatMap((fields) => Object.entries(fields)))
}
const listIn = (described: Described): Described | undefined =>
  choicesIn(described).flatMap((type) => (typeof type === 'object' && 'list' in type ? [type.list] : []))[0]
const wordsIn = (described: Described): string[] =>
  choicesIn(described).flatMap((type) => (typeof type === 'object' && 'enum' in type ? type.enum : []))

/** Reads a value of this type. Without an effect, no parameter is required. */
function paramOf(described: Described, name: string): Param<unknown> {
  const choices = choicesIn(described)
  const [only] = choices
  if (choices.length !== 1 || only === undefined) return anyOf(choices.map((choice) => paramOf(choice, name)))
  if (only === 'string') return string()
  if (only === 'boolean') return boolean()
  if (only === 'number') return number(name)
  if (only === 'map') return { read: (value) => value }
  if (only === 'any') return { read: (value) => value }
  if ('enum' in only) return words(only.enum)
  if ('list' in only) return list(paramOf(only.list, name))
  if ('or' in only) return anyOf(only.or.map((choice) => paramOf(choice, name)))
  return hash(
    Object.fromEntries(Object.entries(only.hash).map(([field, type]) => [field, paramOf(type, `${name}.${field}`)])),
  )
}

function words(choices: readonly string[]): Param<string | null> {
  const word = oneOf(...choices.filter((choice) => choice !== ''))
  return { read: (value, path) => (value === '' && choices.includes('') ? null : word.read(value, path)) }
}

/** A number. Stripe writes decimals as text. */
function number(name: string): Param<number | string> {
  return {
    read(value, path) {
      if (typeof value !== 'string' || !/^-?\d+(?:\.\d+)?$/.test(value))
        throw invalidRequest(`Invalid integer: ${typeof value === 'string' ? value : JSON.stringify(value)}`, {
          param: path,
          code: 'parameter_invalid_integer',
        })
      return name.endsWith('_decimal') ? value : Number(value)
    },
  }
}

/** The first of these that can read the value. If none can, the last one says why. */
function anyOf(params: readonly Param<unknown>[]): Param<unknown> {
  return {
    read(value, path) {
      for (const param of params.slice(0, -1)) {
        try {
          return param.read(value, path)
        } catch {
          // Another one may read it.
        }
      }
      return params.at(-1)?.read(value, path)
    },
  }
}

const isHash = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
