import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configurationIn } from './configuration.ts'
import { ROOT } from './workspace.ts'

test('passes every setting that the server reads on to its verbs, and no other variable', () => {
  const source = readFileSync(join(ROOT, 'apps/server/src/config.ts'), 'utf8')
  const names = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name ?? '')
  expect(names).toContain('ACCESS_TOKEN_SECRET')

  const settings = Object.fromEntries(names.map((name) => [name, 'x']))
  expect(configurationIn({ ...settings, HOME: '/home/ada' })).toEqual(settings)
})
