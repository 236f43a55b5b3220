import superjson, { type SuperJSONResult } from 'superjson'
import { z } from 'zod'
import { UnreadableRequest } from '../errors/errors.ts'

/** The values that an input may have and JSON can't express. `number` means NaN and the infinities. */
const KINDS = ['Date', 'undefined', 'number'] as const
/** More annotations than any of our inputs has. */
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
 * Reads an input as superjson writes it, but allows only dates, `undefined`, NaN, and the infinities.
 *
 * superjson does whatever the annotations say. A hundred bytes that ask for a typed array or a sparse set with a
 * billion entries would block the process for minutes and use up its memory.
 *
 * @throws {UnreadableRequest} for another kind of annotation, for too many of them, or for one of a missing value.
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
    throw new UnreadableRequest() // a path into a prototype, or a date of a value that can't be one
  }
}

/** How inputs are read and outputs are written, on top of JSON. */
export const transformer = {
  input: { serialize: superjson.serialize, deserialize: readInput },
  output: superjson,
}

/** Whether a path leads to a value. superjson splits paths at dots; none of our inputs has a path with an escape. */
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
