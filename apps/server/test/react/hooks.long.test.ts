import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../test-app.ts'
import { APPLICATION } from './application-source.ts'

const run = promisify(execFile)
const PACKAGES = join(import.meta.dirname, '../../../../packages')
const OTHERS = {
  ...{ '@tanstack/react-query': '5.108.0', '@trpc/client': '^11.0.0', '@trpc/server': '^11.0.0', jsdom: '26.1.0' },
  ...{ typescript: '5.9.3', '@types/node': '24.0.0', '@types/jsdom': '21.1.7' },
}
const COMPILER = {
  ...{ target: 'es2022', lib: ['dom', 'esnext'], module: 'nodenext', jsx: 'react-jsx', strict: true },
  ...{ skipLibCheck: true, outDir: 'out', types: ['node'] },
}

/** A folder outside of the workspace, with the packed packages. */
const folder = mkdtempSync(join(tmpdir(), 'tollgate-react-'))
const packed = ['client', 'react'].map((name) => join(folder, `${name}.tgz`))
let app: TestApp
beforeAll(async () => {
  app = await createTestApp({}, { worker: false })
  for (const name of ['client', 'react']) {
    await run('npx', ['-y', 'pnpm@12.21.0', 'pack', '--out', join(folder, `${name}.tgz`)], {
      cwd: join(PACKAGES, name),
    })
  }
}, 300_000)
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await app[Symbol.asyncDispose]()
})

test.each([
  ['18.3.1', '18.3.32', '18.3.7'],
  ['19.3.1', '19.3.0', '19.3.0'],
])('the hooks have their types with React %s, and work against the server', async (version, types, domTypes) => {
  const cwd = join(folder, version)
  await run('mkdir', [cwd])
  const react = { react: version, 'react-dom': version, '@types/react': types, '@types/react-dom': domTypes }
  const dependencies = { ...OTHERS, ...react }
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ type: 'module', private: true, dependencies }))
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, files: ['app.tsx'] }))
  writeFileSync(join(cwd, 'app.tsx'), APPLICATION)
  await run('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', ...packed], { cwd })
  // The compiler prints its findings to stdout, which the error does not have.
  await run('node', ['node_modules/typescript/bin/tsc', '-p', '.'], { cwd }).catch((error: { stdout: string }) => {
    throw new Error(error.stdout)
  })
  const { email, password } = await app.aUser()
  const { stdout } = await run('node', ['out/app.js', app.url, email, password], { cwd })
  expect(stdout.trim()).toBe(version)
})
