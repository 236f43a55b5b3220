import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { clientApi } from './client-api.ts'
import { workspaceEnvironment } from './steps.ts'

// Generates the client's API types from the server's router. With --check, only reports whether they are up to date.
const ROOT = join(import.meta.dirname, '..')
const SERVER = join(ROOT, 'apps/server')
const TARGET = join(ROOT, 'packages/client/src/generated/api.ts')

try {
  const present = existsSync(TARGET) ? readFileSync(TARGET, 'utf8') : ''
  const fresh = format(generate())
  if (fresh === present) {
    console.log("The client's API types are up to date.")
  } else if (process.argv.includes('--check')) {
    throw new Error(
      'The API has changed, but packages/client/src/generated/api.ts has not. Run `npm run generate` and commit the file.',
    )
  } else {
    mkdirSync(dirname(TARGET), { recursive: true })
    writeFileSync(TARGET, fresh)
    console.log('Wrote packages/client/src/generated/api.ts.')
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function generate(): string {
  const out = mkdtempSync(join(tmpdir(), 'tollgate-api-'))
  try {
    const emit = ['--noCheck', '--declaration', '--emitDeclarationOnly', '--sourceMap', 'false', '--outDir', out]
    run('tsc', ['-p', join(SERVER, 'tsconfig.build.json'), ...emit])
    const declarations = (module: string) => readFileSync(join(out, `${module}.d.ts`), 'utf8')
    return clientApi({
      router: declarations('router'),
      trpc: declarations('platform/rpc/trpc'),
      reasons: reasonsInSource(),
    })
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

/** Error classes declare `readonly reason = 'WORD'`; hand-written answers have `reason: 'WORD'`. */
function reasonsInSource(): string[] {
  return globSync('src/**/*.ts', { cwd: SERVER, exclude: ['**/*.test.ts'] }).flatMap((file) => {
    const source = readFileSync(join(SERVER, file), 'utf8')
    return [...source.matchAll(/\breason(?: =|:) '([A-Z_]+)'/g)].flatMap(([, word]) => word ?? [])
  })
}

function format(source: string): string {
  return run('oxfmt', ['--stdin-filepath', TARGET], source)
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
