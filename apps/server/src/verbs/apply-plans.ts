import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { applyPlans, type Applied } from '../billing/index.ts'
import type { Config } from '../config.ts'
import { DomainError } from '../platform/errors/errors.ts'
import type { Log } from '../platform/log.ts'
import { inScope } from './in-scope.ts'
import { loadPlansFile } from './load-plans-file.ts'

const OPTIONS = {
  file: { type: 'string' },
  allow: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean' },
  'exit-code': { type: 'boolean' },
} as const

/** With `--exit-code`, changes that wait are an outcome of their own. */
const PENDING = 2
const REFUSED = 3

/**
 * `apply-plans [--file PATH] [--dry-run [--exit-code]] [--allow NAME]…`: makes the plans those of a plans file.
 *
 * @returns 0 if it is done, or nothing is to do; 1 if the file is invalid or a step failed; 2 if `--exit-code` was given
 *   and a dry run found changes; 3 if it would take something from subscribers that is not allowed.
 */
export async function applyPlansFile(config: Config, log: Log, words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: OPTIONS })
  const { file = 'tollgate.plans.ts', allow = [], 'dry-run': isDryRun = false, 'exit-code': tells = false } = values
  const loaded = loadPlansFile(resolve(file))
  if ('problems' in loaded) {
    for (const problem of loaded.problems) console.error(problem)
    return 1
  }
  const options = {
    isDryRun,
    allowed: new Set(allow),
    print: (line: string) => console.log(line),
  }
  try {
    const applied = await inScope({ config, log, verb: 'apply-plans' }, (scope) =>
      applyPlans(scope, loaded.file, options),
    )
    if (applied === 'pending') console.log('A dry run: nothing has changed.')
    return exitCodeOf(applied, { tells })
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    console.error(`${error.message} Run this again: it continues where it stopped.`)
    for (const [field, problem] of Object.entries(error.fieldErrors ?? {})) console.error(`${field}: ${problem}`)
    return 1
  }
}

function exitCodeOf(applied: Applied, { tells }: { tells: boolean }): number {
  if (applied === 'invalid') return 1
  if (applied === 'refused') return REFUSED
  return applied === 'pending' && tells ? PENDING : 0
}
