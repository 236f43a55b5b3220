import superjson, { type SuperJSONResult } from 'superjson'
import { z } from 'zod'
import { UnreadableRequest } from '../errors/errors.ts'

/** What an input may hold that JSON has no word for. */
const KINDS = ['Date', 'undefined', 'number'] as const
/** More than any input of ours has. */
const MOST_ANNOTATIONS = 100
const DEEPEST_PATH = 10

const Kind = z.tuple([z.enum(KINDS)])
const Payload = z.object({
  json: z.custom<SuperJSONResult['json']>(() => true),
  meta: z
    .object({ values: z.union([Kind, z.record(z.string(), Kind)]).optional(), v: z.literal(1).optional() })
    .optional(),
})

/**
 * Reads an input as superjson writes it, with dates, `undefined`, NaN and the infinities, and nothing else.
 *
 * superjson itself does whatever the annotations say: a hundred bytes that ask for a typed array or a sparse set of a
 * billion entries would stop the process for minutes, and take its memory.
 *
 * @throws {UnreadableRequest} for an annotation of another kind, of something that is not there, or too many of them.
 */
export function readInput(sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null) throw new UnreadableRequest()
  if (!('meta' in sent)) return 'json' in sent ? sent.json : undefined
  const payload = Payload.safeParse(sent).data
  if (!payload) throw new UnreadableRequest()
  const { json, meta } = payload
  const values = meta?.values ?? {}
  if (!Array.isArray(values)) {
    const paths = Object.keys(values)
    if (paths.length > MOST_ANNOTATIONS || !paths.every((path) => isThere(json, path))) throw new UnreadableRequest()
  }
  try {
    return superjson.deserialize({ json, meta: { values, ...(meta?.v && { v: meta.v }) } })
  } catch {
    throw new UnreadableRequest() // a path into a prototype, or a date of something that can't be one
  }
}

/** How inputs are read and outputs written, on top of JSON. */
export const transformer = {
  input: { serialize: superjson.serialize, deserialize: readInput },
  output: superjson,
}

/** Only as superjson parts a path at its dots: with an escape in it, it is of no input of ours. */
function isThere(json: unknown, path: string): boolean {
  const steps = path.split('.')
  if (steps.length > DEEPEST_PATH || path.includes('\\')) return false
  let at = json
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return false
    at = Reflect.get(at, step)
  }
  return true
}
