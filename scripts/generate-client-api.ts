import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { clientApi } from './client-api.ts'
import { parseReasons, withReasons } from './reasons-table.ts'
import { workspaceEnvironment } from './steps.ts'

// Generates files from the server: the client's API types from its router, and two pages of the contract: the table of
// reasons from its error classes, and the table of REST routes. With --check, only reports whether they are up to date.
const ROOT = join(import.meta.dirname, '..')
const SERVER = join(ROOT, 'apps/server')
const API = 'packages/client/src/generated/api.ts'
const ERRORS = 'docs/contract/errors.md'
const ROUTES = 'docs/contract/rest-table.md'

try {
  const reasons = parseReasons(run('node', [join(SERVER, 'scripts/list-reasons.ts')]))
  update(API, () => format(generateApi(reasons.map(({ reason }) => reason))))
  update(ERRORS, (page) => withReasons(page, reasons))
  update(ROUTES, () => run('node', [join(SERVER, 'scripts/print-rest-page.ts')]))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function update(file: string, generate: (present: string) => string): void {
  const path = join(ROOT, file)
  const present = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const fresh = generate(present)
  if (fresh === present) return console.log(`${file} is up to date.`)
  if (process.argv.includes('--check')) {
    throw new Error(`The API has changed, but ${file} has not. Run \`npm run generate\` and commit the file.`)
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, fresh)
  console.log(`Wrote ${file}.`)
}

function generateApi(reasons: string[]): string {
  const out = mkdtempSync(join(tmpdir(), 'tollgate-api-'))
  try {
    const emit = [
      '--noCheck',
      '--declaration',
      '--emitDeclarationOnly',
      '--sourceMap',
      'false',
      '--checkers',
      '1',
      '--outDir',
      out,
    ]
    run('tsc', ['-p', join(SERVER, 'tsconfig.build.json'), ...emit])
    const declarations = (module: string) => readFileSync(join(out, `${module}.d.ts`), 'utf8')
    return clientApi({
      router: declarations('router'),
      trpc: declarations('platform/rpc/trpc'),
      reasons,
    })
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

function format(source: string): string {
  return run('oxfmt', ['--stdin-filepath', join(ROOT, API)], source)
}

function run(program: string, args: string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: ROOT,
    env: workspaceEnvironment(),
    encoding: 'utf8',
    input,
  })
  if (status !== 0) throw new Error(`${program} failed:\n${stdout}${stderr}`)
  return stdout
}
