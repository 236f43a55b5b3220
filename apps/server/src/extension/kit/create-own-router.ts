import type { TRPCCreateRouterOptions } from '@trpc/server'
import { router } from '../../platform/rpc/trpc.ts'
import type { Extension } from '../loading/load-config.ts'
import { BadExtension } from '../loading/load-config.ts'
import type { OwnDeps } from './call-context.ts'
import { createKit } from './create-kit.ts'

/**
 * Builds the router of the configuration's own procedures.
 *
 * @returns null if it has none.
 * @throws {BadExtension} when something in it is not a procedure of the kit.
 */
export function createOwnRouter({ config }: Extension, deps: OwnDeps) {
  if (!config.procedures) return null
  const procedures: unknown = config.procedures(createKit(config, deps))
  const problems = problemsOf(procedures, 'procedures')
  if (!isTree(procedures, problems)) throw new BadExtension(problems.join('\n'))
  return router(procedures)
}

const isTree = (value: unknown, problems: readonly string[]): value is TRPCCreateRouterOptions => problems.length === 0

const NAME = /^[a-z][A-Za-z0-9]{0,39}$/
/** A router can't have these, because a promise or a function has them. */
const RESERVED = ['then', 'call', 'apply']

/** Every leaf has to be a procedure that was built with the kit: another one would have no guard, and no limit. */
function problemsOf(value: unknown, path: string): string[] {
  if (typeof value === 'function') {
    const definition: unknown = Reflect.get(value, '_def')
    const meta: unknown = definition instanceof Object ? Reflect.get(definition, 'meta') : undefined
    const isOfKit = meta instanceof Object && typeof Reflect.get(meta, 'guard') === 'string'
    return isOfKit ? [] : [`${path}: must be a procedure that begins with one of the kit, such as kit.user`]
  }
  if (!(value instanceof Object)) return [`${path}: must be a procedure, or an object of procedures`]
  return Object.entries(value).flatMap(([name, each]) =>
    NAME.test(name) && !RESERVED.includes(name)
      ? problemsOf(each, `${path}.${name}`)
      : [`${path}.${name}: can't be the name of a procedure`],
  )
}
