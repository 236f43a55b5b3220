import { expect, test } from 'vitest'
import { runVerb } from '../test/server-process.ts'
import { createTestApp } from '../test/test-app.ts'
import { misspelledSettings } from './misspelled-settings.ts'

const SETTINGS = ['HOST', 'PORT', 'API_URL', 'CORS_ORIGINS', 'SESSION_POLICY']
const found = (env: Record<string, string>) => misspelledSettings(env, SETTINGS)

test.each([
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['SESION_POLICI', 'SESSION_POLICY'],
  ['API_URI', 'API_URL'],
])('%s is taken for %s', (name, meant) => {
  expect(found({ [name]: 'x' })).toEqual([{ name, meant }])
})

test.each([
  ['a short name', { HOME: '/root', POST: '1' }],
  ['a name that differs in more places', { SESION_POLYCI: 'x', APP_URI: 'x' }],
  ['an empty variable', { CORS_ORIGIN: '' }],
  ['a name beside the setting itself', { API_URI: 'x', API_URL: 'y' }],
])('%s is not taken for a setting', (_what, env) => {
  expect(found(env)).toEqual([])
})

test('every verb warns about a variable that is probably a misspelled setting', async () => {
  await using app = await createTestApp({}, { worker: false })
  const { code, output } = await runVerb(app, 'sweep', { CORS_ORIGIN: 'https://app.example.com' })
  expect(output).toContain('"msg":"CORS_ORIGIN is not a setting; did you mean CORS_ORIGINS?"')
  expect(code).toBe(0)
}, 60_000)
