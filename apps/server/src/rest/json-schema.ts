import { z } from 'zod'
import type { SchemaObject } from './openapi-types.ts'

const JsonObject = z.record(z.string(), z.unknown())

/**
 * Writes a zod schema as JSON Schema. Schemas with an id (`.meta({ id })`) become references and are put into
 * `components`.
 *
 * @param io `input` for requests, `output` for responses.
 */
export function jsonSchemaOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  components: Record<string, SchemaObject>,
): SchemaObject {
  const generated = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: asOnTheWire })
  const text = JSON.stringify(generated).replaceAll('"#/$defs/', '"#/components/schemas/')
  const { $schema: _, $defs = {}, ...own } = JsonObject.parse(JSON.parse(text))
  for (const [id, named] of Object.entries(JsonObject.parse($defs))) components[id] = JsonObject.parse(named)
  return own
}

/** Makes dates strings and patterns plain, and allows further fields, because answers may get more fields one day. */
function asOnTheWire({ zodSchema, jsonSchema }: Parameters<Override>[0]): void {
  const { type } = zodSchema._zod.def
  if (type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
  if (type === 'object') delete jsonSchema.additionalProperties
  if (jsonSchema.format === 'uuid') delete jsonSchema.pattern // the format implies it
  if (jsonSchema.pattern) jsonSchema.pattern = plainPattern(jsonSchema.pattern)
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
}
type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>

/**
 * Writes a pattern without Unicode classes. Many programs read patterns without the flag `u` or in other languages,
 * where these classes mean something else. Lone surrogates (Cs) can be left out, because UTF-8 has none.
 */
function plainPattern(pattern: string): string {
  const control = String.raw`\u0000-\u001f\u007f-\u009f`
  return pattern
    .replaceAll(String.raw`\P{Cc}`, `[^${control}]`)
    .replaceAll(String.raw`\p{Cc}`, control)
    .replaceAll(String.raw`\p{Cs}`, '')
}
