import type { TRPCCreateRouterOptions } from '@trpc/server'
import { z } from 'zod'
import { router } from '../../platform/rpc/trpc.ts'
import { BadExtension, inConfiguration, type Extension } from '../loading/load-config.ts'
import type { OwnDeps } from './call-context.ts'
import { createKit } from './create-kit.ts'

/**
 * Builds the router of the configuration's own procedures.
 *
 * @returns null if it has none.
 * @throws {BadExtension} when something in it is not a procedure of the kit.
 */
export function createOwnRouter({ config, file }: Pick<Extension, 'config' | 'file'>, deps: OwnDeps) {
  if (!config.procedures || file === null) return null
  const { kit, metas } = createKit(config, deps)
  const procedures = inConfiguration(file, () => config.procedures?.(kit))
  const problems =
    procedures instanceof Object
      ? problemsOf(procedures, 'procedures', metas)
      : ['procedures: must return an object of procedures']
  if (!isTree(procedures, problems)) throw new BadExtension(problems.map((each) => `${file}: ${each}`).join('\n'))
  return router(procedures)
}

/**
 * Checks the procedures of a configuration for a process that does not serve them.
 *
 * @throws {BadExtension} when something in it is not a procedure of the kit.
 */
export function checkOwnProcedures(extension: Pick<Extension, 'config' | 'file'>): void {
  createOwnRouter(extension, {
    get billing(): never {
      throw new Error('This process serves no procedures.')
    },
    queues: new Map(),
  })
}

const isTree = (value: unknown, problems: readonly string[]): value is TRPCCreateRouterOptions => problems.length === 0

const NAME = /^[a-z][A-Za-z0-9]{0,39}$/
/** A router can't have these, because a promise or a function has them. */
const RESERVED = ['then', 'call', 'apply']

/** Every leaf has to be a procedure that was built with the kit: another one would have no guard, and no limit. */
function problemsOf(value: unknown, path: string, metas: ReadonlySet<unknown>): string[] {
  const definition: unknown = value instanceof Object ? Reflect.get(value, '_def') : undefined
  if (definition instanceof Object || typeof value === 'function') {
    const problem = problemOfProcedure(value, definition, metas)
    return problem === null ? [] : [`${path}: ${problem}`]
  }
  if (value instanceof Promise) return [`${path}: must not be async`]
  if (!(value instanceof Object) || Array.isArray(value)) return [`${path}: must be a procedure, or an object of them`]
  return Object.entries(value).flatMap(([name, each]) => {
    if (RESERVED.includes(name)) return [`${path}.${name}: is a reserved name`]
    return NAME.test(name)
      ? problemsOf(each, `${path}.${name}`, metas)
      : [`${path}.${name}: must be a name of letters and digits that begins with a lowercase letter`]
  })
}

const NOT_OF_KIT = 'must be a procedure that begins with one of the kit, such as kit.user'

/** @param definition what tRPC keeps of a procedure, a builder, or a router. */
function problemOfProcedure(value: unknown, definition: unknown, metas: ReadonlySet<unknown>): string | null {
  if (!(definition instanceof Object)) return NOT_OF_KIT
  if (Reflect.get(definition, 'router') === true) return 'must be a plain object of procedures, not a router'
  if (typeof value !== 'function') return 'has to end with .query(…) or .mutation(…)'
  if (Reflect.get(definition, 'type') === 'subscription') return 'must be a query or a mutation'
  const meta: unknown = Reflect.get(definition, 'meta')
  if (metas.has(meta)) return problemOfInputs(Reflect.get(definition, 'inputs'), meta)
  const hasGuard = meta instanceof Object && 'guard' in meta
  return hasGuard ? 'must not call .meta(…): it could switch off the guard or the limit of the kit' : NOT_OF_KIT
}

/** Schemas whose values can't have `accountId` beside them. */
const WITHOUT_FIELDS = ['string', 'number', 'boolean', 'array', 'bigint', 'date', 'enum', 'literal', 'tuple']

/** @param meta says whether the procedure is about an account: its input then has `accountId`, too. */
function problemOfInputs(inputs: unknown, meta: unknown): string | null {
  if (!Array.isArray(inputs) || !(meta instanceof Object && 'right' in meta)) return null
  const [, ...schemas] = inputs.filter((input) => input instanceof z.core.$ZodType)
  const isStrict = schemas.some(
    (schema) => schema instanceof z.core.$ZodObject && schema._zod.def.catchall instanceof z.core.$ZodNever,
  )
  const hasNoFields = schemas.some((schema) => WITHOUT_FIELDS.includes(schema._zod.def.type))
  return isStrict || hasNoFields ? 'its input must be a z.object({…}), not a strict one: it also has accountId' : null
}
