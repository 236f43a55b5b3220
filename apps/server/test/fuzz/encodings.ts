import * as fc from 'fast-check'
import superjson from 'superjson'
import { RAW_JSON } from './odd-values.ts'

// Inputs as bytes: each character of a text is one byte.

/** JSON in which a raw text may replace a value or everything. */
export function jsonText(input: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc.oneof(
    { arbitrary: input.map((value) => bytesOf(jsonOf(value))), weight: 8 },
    {
      arbitrary: fc.tuple(input, raw).map(([value, text]) => spliced(bytesOf(jsonOf(value)), text)),
      weight: 1,
    },
    { arbitrary: raw, weight: 1 },
  )
}

/** What superjson writes, or something that it never would. */
export function superjsonText(input: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const honest = input.map((value) => bytesOf(serialized(value)))
  const lying = fc
    .tuple(jsonText(input), fc.constantFrom(...LIES))
    .map(([json, meta]) => `{"json":${json},"meta":${meta}}`)
  return fc.oneof(
    { arbitrary: honest, weight: 7 },
    { arbitrary: lying, weight: 2 },
    { arbitrary: jsonText(input), weight: 1 },
    { arbitrary: fc.tuple(honest, raw).map(([text, own]) => spliced(text, own)), weight: 1 },
  )
}

/** Annotations for superjson that do not match the values. */
const LIES = [
  ...[
    'null',
    '5',
    '[]',
    '{"values":5}',
    '{"values":["Date"]}',
    '{"values":["undefined"]}',
    '{"values":["bigint"]}',
    '{"values":["set"]}',
  ],
  ...[
    '{"values":["map"]}',
    '{"values":["regexp"]}',
    '{"values":["Error"]}',
    '{"values":["URL"]}',
    '{"values":[["class","User"]]}',
  ],
  ...[
    '{"values":[["custom","x"]]}',
    '{"values":[["symbol","x"]]}',
    '{"values":[["typed-array","Uint8Array"]]}',
    '{"values":["nonsense"]}',
  ],
  ...[
    '{"values":{"email":["Date"],"id":["bigint"],"limit":["number"]}}',
    '{"values":{"a.b.c.d":["Date"]}}',
    '{"values":{"":["Date"]}}',
  ],
  ...['{"values":{"__proto__.polluted":["Date"]}}', '{"values":{"constructor.prototype.polluted":["Date"]}}'],
  ...[
    '{"referentialEqualities":{"email":["__proto__.polluted"]}}',
    '{"referentialEqualities":[["a.b","c"]]}',
    '{"v":-1,"values":{"0":[["Date"]]}}',
  ],
] as const

const raw = fc.constantFrom(...RAW_JSON)
/** A query string, with lists and objects as JSON. */
export const queryText = (input: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  input.map((value) =>
    Object.entries(Object(value) as object)
      .map((entry) => entry.map((part: unknown) => (typeof part === 'string' ? part : jsonOf(part))))
      .map((texts) => texts.map((text) => percent(bytesOf(text.slice(0, 3_000)))).join('='))
      .join('&'),
  )

/** UTF-8 as bytes, each a character. A lone surrogate becomes U+FFFD, as in any program. */
export const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
export const percent = (bytes: string): string =>
  bytes.replaceAll(/[^\w.~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** Replaces the first value of a JSON text with a raw text. */
const spliced = (json: string, text: string): string => json.replace(/:("[^"]*"|\w+)/, () => `:${text}`)

/** superjson refuses to write some values, which are then written as plain JSON. */
function serialized(value: unknown): string {
  try {
    return JSON.stringify(superjson.serialize(value))
  } catch {
    return `{"json":${jsonOf(value) || 'null'}}`
  }
}

const jsonOf = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value, plain))
const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value)
