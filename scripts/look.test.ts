import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')
const tokensOf = (css: string) =>
  [...css.matchAll(/^ +(--[\w-]+): ([^;]+);$/gm)].map(([, name, value]) => `${name}: ${value}`)

// Sandboxes and programs import nothing from each other, so each has its own copy.
const COPIES = [
  'apps/server/src/rest/look.ts',
  'packages/local/src/inbox/look.ts',
  'packages/oauth-sandbox/src/look.ts',
  'packages/paymob-sandbox/src/look.ts',
  'packages/webhook-sandbox/src/look.ts',
  'packages/stripe-sandbox/src/look.ts',
]

test.each(COPIES)('%s has the colors, fonts and shapes of the console', (path) => {
  const ours = tokensOf(read(path))
  expect(ours.length).toBeGreaterThan(15)
  expect(tokensOf(read('apps/console/src/styles/tokens.css'))).toEqual(expect.arrayContaining(ours))
  expect(read(path)).toBe(read('apps/server/src/rest/look.ts'))
})
