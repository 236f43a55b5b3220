import type { AnyTRPCRouter as AnyRouter } from '@trpc/server'
import { z } from 'zod'
import type { ProcedureMeta } from '../platform/rpc/trpc.ts'
import { ServiceScope } from '../platform/service-scopes.schemas.ts'
import type { Operation } from './operation.ts'

/** An operation with what its procedure says about itself. */
export interface BoundOperation extends Operation<string> {
  readonly type: 'query' | 'mutation'
  readonly meta: ProcedureMeta
  readonly input: z.ZodObject<Record<string, z.ZodType>> | undefined
  readonly output: z.ZodType
  /** The input fields that are in the path. */
  readonly pathFields: readonly string[]
  /** Where the other fields come from. */
  readonly source: 'query' | 'body'
  /** Whether the query or the body may name an account. */
  readonly choosesAccount: boolean
}

/** @throws when an operation does not match its procedure. */
export function bindOperation(router: AnyRouter, operation: Operation<string>): BoundOperation {
  const { type, meta, inputs, output } = Definition.parse(definitionOf(router, operation.procedure))
  const input = mergedInput(inputs)
  const pathFields = [...operation.path.matchAll(/\{(\w+)\}/g)].flatMap(([, field]) => field ?? [])
  for (const field of pathFields) {
    if (!input || !(field in input.shape)) throw new Error(`${operation.procedure} has no input field ${field}.`)
  }
  const source = operation.method === 'get' || operation.method === 'delete' ? 'query' : 'body'
  const choosesAccount = input !== undefined && 'accountId' in input.shape && !pathFields.includes('accountId')
  return { ...operation, type, meta, input, output, pathFields, source, choosesAccount }
}

/** What is read from a procedure's definition. Its type does not have all of it. */
const Definition = z.object({
  type: z.enum(['query', 'mutation']),
  meta: z.object({
    limit: z.enum(['reads', 'by-itself', 'none']).optional(),
    guard: z.enum(['public', 'user', 'verified', 'admin', 'service']),
    scope: ServiceScope.optional(),
    checksOrigin: z.boolean().optional(),
    right: z.enum(['see', 'bill', 'manage', 'own']).optional(),
  }),
  inputs: z.array(z.instanceof(z.ZodType)),
  output: z.instanceof(z.ZodType),
})

/**
 * Merges the inputs of a procedure, which its guards and the procedure itself have each declared, into one object. Where
 * two declare a field, the later one counts.
 *
 * @returns undefined for a procedure without input.
 * @throws when an input is no object.
 */
export function mergedInput(inputs: readonly z.ZodType[]): BoundOperation['input'] {
  const shapes = inputs.map((input) => objectIn(input).shape)
  return shapes.length > 0 ? z.object(Object.assign({}, ...shapes)) : undefined
}

function objectIn(schema: unknown): z.ZodObject<Record<string, z.ZodType>> {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return objectIn(schema.unwrap())
  return z.instanceof(z.ZodObject).parse(schema)
}

function definitionOf(router: AnyRouter, path: string): unknown {
  const record: unknown = router._def.record
  return [...path.split('.'), '_def'].reduce(
    (found, name) => (isObject(found) ? Reflect.get(found, name) : undefined),
    record,
  )
}

const isObject = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null)
