import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configurationIn } from './configuration.ts'
import { ROOT } from './workspace.ts'

const FOR_COMPOSE = new Set(['POSTGRES_PASSWORD'])

test('passes every setting that the server reads on to its verbs, and no other variable', () => {
  const example = readFileSync(join(ROOT, '.env.example'), 'utf8') // generated from all settings
  const names = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map(([, name = '']) => name)
  expect(names).toContain('ACCESS_TOKEN_SECRET')

  const settings = Object.fromEntries(names.filter((name) => !FOR_COMPOSE.has(name)).map((name) => [name, 'x']))
  expect(configurationIn({ ...settings, HOME: '/home/ada' })).toEqual(settings)
})
