import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ENV_EXAMPLE, envExample } from './env-example.ts'

test('.env.example says what the schema says: node apps/server/scripts/write-env-example.ts writes it anew', () => {
  expect(readFileSync(ENV_EXAMPLE, 'utf8')).toBe(envExample())
})
