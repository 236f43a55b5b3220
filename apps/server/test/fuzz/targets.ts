import type { AnyTRPCRouter as AnyRouter } from '@trpc/server'
import { z } from 'zod'
import { mergedInput } from '../../src/rest/bind-operation.ts'
import { jsonSchemaOf } from '../../src/rest/json-schema.ts'
import type { Operation } from '../../src/rest/operation.ts'
import { operations } from '../../src/rest/operations.ts'
import { serviceOperations } from '../../src/rest/service-operations.ts'
import { createAppRouter } from '../../src/router.ts'
import { createServiceRouter } from '../../src/service/index.ts'
import { queues } from '../../src/worker.ts'
import type { TestApp } from '../test-app.ts'

/** The fields of an input as JSON Schema; empty for a procedure without input. */
const InputShape = z.object({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
})
export type InputShape = Readonly<z.infer<typeof InputShape>>

export interface ProcedureTarget {
  readonly kind: 'procedure'
  readonly name: string
  readonly type: 'query' | 'mutation'
  readonly input: InputShape
}

export interface RouteTarget {
  readonly kind: 'route'
  readonly name: string
  readonly method: string
  /** As Express has it, with `:field` for variable parts. */
  readonly path: string
  readonly input: InputShape
}

export type Target = ProcedureTarget | RouteTarget

/** Every procedure and route, read from the server itself, so that new ones are included. */
export function targetsOf({ deps, http }: TestApp): Target[] {
  const procedures = proceduresOf(createAppRouter({ ...deps, queues }))
  const known = [...procedures, ...proceduresOf(createServiceRouter(deps))]
  const all: readonly Operation<string>[] = [...operations, ...serviceOperations]
  const inputOf = (operation: Operation<string> | undefined) =>
    known.find(({ name }) => name === operation?.procedure)?.input ?? InputShape.parse({})
  const operationAt = (method: string, path: string) =>
    all.find((each) => each.method.toUpperCase() === method && each.path.replaceAll(/\{(\w+)\}/g, ':$1') === path)
  const routes = routesIn(http.router).map(({ method, path }): RouteTarget => ({
    ...{ kind: 'route', name: `${method} ${path}`, method, path },
    input: inputOf(operationAt(method, path)),
  }))
  for (const { method, path } of all) {
    if (!routes.some((route) => route.name === `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`))
      throw new Error(`${method} ${path} is not among Express’s routes.`)
  }
  return [...procedures, ...routes]
}

const Procedures = z.record(
  z.string(),
  z.custom<{ _def: unknown }>().transform(({ _def }) => Definition.parse(_def)),
)
const Definition = z.object({ type: z.enum(['query', 'mutation']), inputs: z.array(z.instanceof(z.ZodType)) })

function proceduresOf(router: AnyRouter): ProcedureTarget[] {
  return Object.entries(Procedures.parse(router._def.procedures)).map(([name, { type, inputs }]) => {
    const input = mergedInput(inputs)
    return {
      ...{ kind: 'procedure', name, type },
      input: InputShape.parse(input ? jsonSchemaOf(input, 'input', {}) : {}),
    }
  })
}

/** What an Express router contains. A router is a function, and its types do not describe this. */
const Layers = z.array(
  z.object({
    route: z
      .object({ path: z.union([z.string(), z.array(z.string())]), methods: z.record(z.string(), z.boolean()) })
      .optional(),
    handle: z.unknown(),
  }),
)

const MOST_METHODS = 5

function routesIn(router: unknown): { method: string; path: string }[] {
  const layers = Layers.safeParse(typeof router === 'function' ? Reflect.get(router, 'stack') : undefined)
  return (layers.data ?? []).flatMap(({ route, handle }) => {
    if (!route) return routesIn(handle)
    const methods = Object.keys(route.methods).filter((name) => name !== '_all')
    if (methods.length > MOST_METHODS) return [] // a route of `app.all`, which refuses the other methods
    return [route.path].flat().flatMap((path) => methods.map((method) => ({ method: method.toUpperCase(), path })))
  })
}
