import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedPlans } from '../../src/billing/plans/seed-plans.ts'
import { aPayingUser, type PayingUser } from '../purchases.ts'
import { createTestApp, type TestApp } from '../test-app.ts'
import { HEY_API, OPENAPI_FETCH } from './client-sources.ts'

const run = promisify(execFile)

/** A folder outside of the workspace with packages from the registry. */
const folder = mkdtempSync(join(tmpdir(), 'generated-clients-'))
const PACKAGES = {
  'openapi-typescript': '7.13.0',
  'openapi-fetch': '0.17.0',
  '@hey-api/openapi-ts': '0.99.0',
  typescript: '5.9.3',
  '@types/node': '24.0.0',
}
const TYPESCRIPT = {
  ...{ strict: true, noUncheckedIndexedAccess: true, module: 'nodenext', target: 'es2023', outDir: 'out' },
  ...{ lib: ['es2023', 'dom', 'dom.iterable'], types: ['node'] },
}

let app: TestApp
let payer: PayingUser
beforeAll(async () => {
  app = await createTestApp()
  await seedPlans(app.scope())
  payer = await aPayingUser(app, 'pro')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true, dependencies: PACKAGES }))
  const flags = ['--ignore-scripts', '--legacy-peer-deps', '--omit=optional', '--no-audit', '--no-fund']
  await run('npm', ['install', '--prefer-offline', ...flags], { cwd: folder })
  writeFileSync(join(folder, 'openapi.json'), await (await fetch(`${app.url}/openapi.json`)).text())
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await app[Symbol.asyncDispose]()
})

const tool = (file: string, ...args: string[]) => run('node', [join('node_modules', file), ...args], { cwd: folder })

/** Type-checks and compiles a program. @returns what it prints. */
async function outputOf(name: string, source: string): Promise<unknown> {
  writeFileSync(join(folder, `${name}.ts`), source)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: TYPESCRIPT, files: [`${name}.ts`] }))
  // The compiler prints its findings to stdout, which the error does not have.
  await tool('typescript/bin/tsc', '-p', '.').catch((error: { stdout: string }) => {
    throw new Error(error.stdout)
  })
  const { email, password } = payer
  const args = [app.url, email, password, `${name}@example.com`]
  return JSON.parse((await run('node', [join('out', `${name}.js`), ...args], { cwd: folder })).stdout) as unknown
}

const SEEN = {
  ...{ signedUp: false, refused: 'INVALID_CREDENTIALS', due: true, same: 'CONFLICT', tier: 'pro', revoked: 'number' },
  payments: [[expect.any(Number), 'succeeded']],
}

test('openapi-fetch works with the types of openapi-typescript', async () => {
  await tool('openapi-typescript/bin/cli.js', 'openapi.json', '-o', 'schema.ts')
  expect(await outputOf('fetcher', OPENAPI_FETCH)).toEqual(SEEN)
})

test('the client of @hey-api/openapi-ts works', async () => {
  await tool('@hey-api/openapi-ts/bin/run.js', '-i', 'openapi.json', '-o', 'hey')
  expect(await outputOf('hey-user', HEY_API)).toEqual(SEEN)
})
