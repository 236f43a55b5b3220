import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const SERVER = join(import.meta.dirname, '../..')
const TSC = join(SERVER, '../../node_modules/.bin/tsc')
mkdirSync(join(SERVER, 'node_modules/.cache'), { recursive: true })
/** Inside the package, so that it has the server's dependencies. */
const folder = mkdtempSync(join(SERVER, 'node_modules/.cache/feature-names-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SCHEMAS = join(import.meta.dirname, 'feature.schemas.ts')

/** A program that extends this server, with its plans. */
const PROGRAM = `
  import { definePlans } from '@tollgate/client'
  import type { FeatureName, TierName } from '${SCHEMAS}'
  const plans = definePlans({ features: ['exports', 'projects'], tiers: { team: 15 }, plans: {} })
  declare module '${SCHEMAS}' {
    interface Register { plans: typeof plans }
  }
  const feature = (name: FeatureName) => name
  const tier = (name: TierName) => name
  export const known = [feature('projects'), tier('team'), tier('pro')]
`

test.each([
  ['', 0],
  ["export const misspelt = feature('projetcs')", 1],
  ["// @ts-expect-error -- projetcs is no feature\nexport const misspelt = feature('projetcs')", 0],
  ["// @ts-expect-error -- taem is no tier\nexport const misspelt = tier('taem')", 0],
])('a program that has registered its plans compiles only with their names: %s', (line, failures) => {
  writeFileSync(join(folder, 'program.ts'), `${PROGRAM}\n${line}\n`)
  const options = {
    extends: join(SERVER, '../../tsconfig.base.json'),
    compilerOptions: { rewriteRelativeImportExtensions: false },
    files: ['program.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
  const { stdout } = spawnSync(TSC, ['-p', folder], { encoding: 'utf8' })
  const errors = stdout.split('\n').filter((each) => each.includes('error TS'))
  expect([errors.length, errors.every((each) => each.includes('projetcs'))]).toEqual([failures, true])
})
