import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { OPERATOR } from '../platform/audit/audit.ts'
import { after } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { createServiceKey, CreateServiceKeyInput } from '../service/index.ts'
import { givenDuration, list } from '../setting-values.ts'
import { inScope } from './in-scope.ts'

const Options = z.object({ scopes: list.prefault(''), 'expires-in': givenDuration().optional() })

/**
 * `create-service-key NAME --scopes SCOPE,SCOPE [--expires-in 90d]`: makes a key for another program. Only the key itself
 * goes to standard output, so that it can be piped into where it belongs.
 */
export async function makeServiceKey(config: Config, log: Log, words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { scopes: { type: 'string' }, 'expires-in': { type: 'string' } },
    allowPositionals: true,
  })
  const options = Options.safeParse(values)
  if (!options.success) return refused(options.error)
  const input = CreateServiceKeyInput.safeParse({ name: positionals[0], scopes: options.data.scopes })
  if (!input.success) return refused(input.error)

  const lifetime = options.data['expires-in']
  const { key, name, scopes, expiresAt } = await inScope({ config, log, verb: 'create-service-key' }, (scope) =>
    createServiceKey(scope, OPERATOR, {
      ...input.data,
      expiresAt: lifetime === undefined ? null : after(scope.clock.now(), lifetime),
    }),
  )
  console.error(`The key of ${name} may do this: ${scopes.join(', ')}.`)
  console.error(expiresAt ? `It expires at ${expiresAt.toISOString()}.` : 'It does not expire.')
  console.error('It is shown only now. Keep it like a password:')
  console.log(key)
  return 0
}

function refused(error: z.ZodError): number {
  for (const { path, message } of error.issues) console.error(`${String(path[0])}: ${message}`)
  return 1
}
