import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const SOURCES = join(import.meta.dirname, '..')

/** Where a provider may be called by its name. */
const MAY_NAME = [
  /^billing\/providers\//,
  /^billing\/provider\.schemas\.ts$/,
  /^billing\/billing\.queues\.ts$/,
  /^billing\/(?:stripe-webhook|paymob)\.routes\.ts$/,
  // Each provider's own checks.
  /^verbs\/doctor\/check-(?:stripe|paymob)\.ts$/,
  // The first plans are data.
  /^billing\/plans\/seed-plans\.ts$/,
  // Examples in OpenAPI are data.
  /^rest\/change-operations\.ts$/,
  // A migration is never changed, so it can't import a name that may be.
  /^migrations\//,
  /\.test\.ts$/,
]

/** The setting names who computes taxes. */
const IS_THE_TAX_SETTING = /\bTAX\b/

const NAME = /(['"`])(?:stripe|paymob)\1/

test('only its adapter, its queue and its routes call a provider by its name', () => {
  const named = globSync('**/*.ts', { cwd: SOURCES })
    .filter((file) => !MAY_NAME.some((where) => where.test(file)))
    .flatMap((file) => linesWithName(file))
  expect(named).toEqual([])
})

function linesWithName(file: string): string[] {
  const lines = readFileSync(join(SOURCES, file), 'utf8').split('\n')
  return lines.flatMap((line, index) =>
    NAME.test(line) && !IS_THE_TAX_SETTING.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [],
  )
}
