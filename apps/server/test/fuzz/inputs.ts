import * as fc from 'fast-check'
import { z } from 'zod'
import { oddText, oddValue } from './odd-values.ts'
import type { InputShape } from './targets.ts'

/** Existing values by the name of the field that takes them. `id` has the ids of everything. */
export type Known = Readonly<Record<string, readonly string[]>>

const FieldSchema = z.object({
  type: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).nonempty().optional(),
  anyOf: z.array(z.unknown()).nonempty().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
})

/** An input that may be right, with real ids and codes. */
function goodInput({ properties, required }: InputShape, known: Known): fc.Arbitrary<Record<string, unknown>> {
  const values = Object.entries(properties).map(([name, schema]) => [name, goodValue(name, schema, known)] as const)
  return fc.record(Object.fromEntries(values), { requiredKeys: required })
}

function goodValue(name: string, schema: unknown, known: Known): fc.Arbitrary<unknown> {
  const { type, format, enum: choices, anyOf, minimum = -1, maximum = 100 } = FieldSchema.parse(schema)
  if (anyOf) return fc.oneof(...anyOf.map((choice) => goodValue(name, choice, known)))
  if (choices) return fc.constantFrom(...choices)
  if (format === 'date-time') return fc.constantFrom(new Date(), new Date('2027-06-01'), new Date('2020-01-01'))
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (type === 'integer' || type === 'number')
    return fc.constantFrom(minimum, minimum - 1, maximum, maximum + 1, minimum + 7)
  return fc.constantFrom(...(known[name] ?? known['id'] ?? ['x']))
}

/** An input with no, some, or all fields wrong, missing, or unknown. */
export function anyInput(shape: InputShape, known: Known): fc.Arbitrary<unknown> {
  const good = goodInput(shape, known)
  const wrongFields = fc.dictionary(fc.constantFrom(...Object.keys(shape.properties), 'isAdmin'), oddValue, {
    minKeys: 1,
    maxKeys: 2,
  })
  return fc.oneof(
    { arbitrary: good, weight: 5 },
    { arbitrary: goodInput({ ...shape, required: [] }, known), weight: 1 },
    { arbitrary: fc.tuple(good, wrongFields).map(([input, wrong]) => ({ ...input, ...wrong })), weight: 6 },
    { arbitrary: oddValue, weight: 2 },
    { arbitrary: fc.tuple(good, oddText).map(([input, key]) => ({ ...input, [key]: key })), weight: 1 },
  )
}
