import { parseArgs } from 'node:util'
import { expect, test } from 'vitest'
import { oauthSandboxService } from './services.ts'

test('passes a secret that starts with a dash to its program unchanged', () => {
  const clients = { google: { id: 'g', secret: '-Gx' }, github: { id: 'h', secret: '--Hx' } }
  const { args } = oauthSandboxService({ dataDir: 'nowhere', env: {} }, 3003, clients)
  const options = Object.fromEntries(
    ['port', 'state-file', 'google-client-id', 'google-client-secret', 'github-client-id', 'github-client-secret'].map(
      (name) => [name, { type: 'string' } as const],
    ),
  )
  const { values } = parseArgs({ args: args.slice(1), options })
  expect(values).toMatchObject({ 'google-client-secret': '-Gx', 'github-client-secret': '--Hx' })
})
