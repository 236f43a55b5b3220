import type { TRPCCreateRouterOptions } from '@trpc/server'
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
  const problems = problemsOf(procedures, 'procedures', metas)
  if (!isTree(procedures, problems)) throw new BadExtension(problems.map((each) => `${file}: ${each}`).join('\n'))
  return router(procedures)
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
  return Object.entries(value).flatMap(([name, each]) =>
    NAME.test(name) && !RESERVED.includes(name)
      ? problemsOf(each, `${path}.${name}`, metas)
      : [`${path}.${name}: can't be the name of a procedure`],
  )
}

const NOT_OF_KIT = 'must be a procedure that begins with one of the kit, such as kit.user'

/** @param definition what tRPC keeps of a procedure, a builder, or a router. */
function problemOfProcedure(value: unknown, definition: unknown, metas: ReadonlySet<unknown>): string | null {
  if (!(definition instanceof Object)) return NOT_OF_KIT
  if (Reflect.get(definition, 'router') === true) return 'must be a plain object of procedures, not a router'
  if (typeof value !== 'function') return 'has to end with .query(…) or .mutation(…)'
  if (Reflect.get(definition, 'type') === 'subscription') return 'must be a query or a mutation'
  const meta: unknown = Reflect.get(definition, 'meta')
  if (metas.has(meta)) return null
  const hasGuard = meta instanceof Object && 'guard' in meta
  return hasGuard ? 'must not call .meta(…): it could switch off the guard or the limit of the kit' : NOT_OF_KIT
}
