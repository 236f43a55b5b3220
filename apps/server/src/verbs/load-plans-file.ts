import { existsSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { z } from 'zod'
import { PlansFile } from '../billing/index.ts'
import { BadExtension, inConfiguration } from '../extension/index.ts'
import { issueWords } from '../platform/errors/issue-words.ts'

/** What plans files import `definePlans` from. Its types are for the editor; here it hands its argument back. */
const CLIENT = '@tollgate/client'
const STAND_IN = `data:text/javascript,${encodeURIComponent('export const definePlans = (plans) => plans')}`

/**
 * Loads a plans file: TypeScript, JavaScript or JSON. It need not be in a folder where `@tollgate/client` is installed,
 * and can't wait at its top level.
 *
 * @returns what is wrong with it, by the path of the field, if it can't be read.
 */
export function loadPlansFile(path: string): { file: PlansFile } | { problems: string[] } {
  if (!existsSync(path)) return { problems: [`${path}: there is no such file. Name one with --file.`] }
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === CLIENT ? { url: STAND_IN, shortCircuit: true } : next(specifier, context),
  })
  try {
    const loaded = inConfiguration<unknown>(path, () => createRequire(import.meta.url)(path))
    const parsed = z.object({ default: PlansFile }).safeParse(path.endsWith('.json') ? { default: loaded } : loaded)
    if (parsed.success) return { file: parsed.data.default }
    return { problems: parsed.error.issues.map((issue) => problemOf(issue, path)) }
  } catch (error) {
    if (error instanceof BadExtension) return { problems: [error.message] }
    throw error
  } finally {
    hooks.deregister()
  }
}

function problemOf(issue: z.core.$ZodIssue, path: string): string {
  const [, ...field] = issue.path
  return field.length > 0
    ? `${field.join('.')}: ${issueWords(issue)}`
    : `${path}: the default export must be definePlans({…})${issue.code === 'invalid_type' ? '' : `: ${issue.message}`}`
}
