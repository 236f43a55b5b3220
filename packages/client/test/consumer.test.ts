import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const PACKAGE = join(import.meta.dirname, '..')
const REACT = join(PACKAGE, '../react')
const TSC = join(PACKAGE, '../../node_modules/.bin/tsc')
/**
 * The last TypeScript that knows `node10`, which dependency-cruiser depends on. As a dependency of this package, it would
 * become a peer of tRPC's, and the workspace would have two tRPCs.
 */
const CRUISER = realpathSync(join(PACKAGE, '../../node_modules/dependency-cruiser'))
const OLDER_TSC = join(dirname(createRequire(join(CRUISER, 'package.json')).resolve('typescript')), 'tsc.js')

/** A folder outside the workspace where only the packed packages and their dependencies are installed. */
let outside: string
beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'tollgate-consumer-'))
  pack(PACKAGE, 'client')
  for (const name of Object.keys(manifest().dependencies)) install(name, PACKAGE)
  writeFileSync(join(outside, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rmSync(outside, { recursive: true, force: true }))

test('the package has its build and ranges of dependency versions, and nothing from the workspace', () => {
  const { dependencies, exports } = manifest()
  expect(Object.keys(dependencies)).toEqual(['@trpc/client', '@trpc/server', 'superjson'])
  // Ranges, so that a program with its own tRPC (such as @trpc/tanstack-react-query) has it only once.
  expect(Object.values(dependencies).filter((version) => !/^\^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  expect(exports).toEqual({
    '.': {
      import: { types: './dist/index.d.ts', default: './dist/index.js' },
      require: { types: './dist/cjs/index.d.ts', default: './dist/cjs/index.js' },
    },
    './texts': {
      import: { types: './dist/texts/index.d.ts', default: './dist/texts/index.js' },
      require: { types: './dist/cjs/texts/index.d.ts', default: './dist/cjs/texts/index.js' },
    },
  })
})

/** The types of other packages that the README uses. */
const OTHERS = {
  'expo-linking': 'export declare function getInitialURL(): Promise<string | null>',
  'expo-secure-store': `
    export declare function getItemAsync(key: string): Promise<string | null>
    export declare function setItemAsync(key: string, value: string): Promise<void>
    export declare function deleteItemAsync(key: string): Promise<void>`,
  'expo-web-browser': `
    export declare function openAuthSessionAsync(
      url: string,
      returnTo: string,
    ): Promise<{ type: 'success'; url: string } | { type: 'cancel' | 'dismiss' }>`,
  'next/server': `
    interface Cookie { name: string; value: string }
    interface ResponseCookie extends Cookie {
      path?: string; maxAge?: number; domain?: string; secure?: boolean; httpOnly?: boolean
      sameSite?: boolean | 'lax' | 'strict' | 'none'
    }
    export declare class NextRequest extends Request {
      readonly cookies: { getAll(): Cookie[]; set(name: string, value: string): unknown }
    }
    export declare class NextResponse extends Response {
      readonly cookies: { set(name: string, value: string, cookie?: Partial<ResponseCookie>): unknown }
      static next(init: { request: NextRequest }): NextResponse
    }`,
  'next/headers': `
    import type { NextRequest, NextResponse } from 'next/server'
    export declare function headers(): Promise<Headers>
    export declare function cookies(): Promise<
      Pick<NextRequest['cookies'], 'getAll'> & Pick<NextResponse['cookies'], 'set'>
    >`,
}

/** What a frontend of its own has. */
const FRONTEND = `
  declare function showLogin(text?: string): void
  declare function showMessage(text: string): void
  declare function showApp(): void
  declare function showPlans(plans: { code: string }[]): void
`

test('a program elsewhere gets exact types for every input and output, and an error for every mistake', () => {
  cpSync(join(PACKAGE, 'test/consumer/program.ts'), join(outside, 'program.ts'))
  for (const [name, types] of Object.entries(OTHERS)) {
    const folder = join(outside, 'node_modules', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "types": "index.d.ts" }')
    writeFileSync(join(folder, 'index.d.ts'), types)
  }
  writeExamples('readme.ts', join(PACKAGE, 'README.md'))
  writeExamples('project-readme.ts', join(PACKAGE, '../../README.md'), FRONTEND)
  expect(compile('program.ts', 'readme.ts', 'project-readme.ts')).toEqual({ status: 0, stdout: '' })
})

test('a misspelled feature, plan, tier or currency does not compile, in a plans file and in a program that has registered it', () => {
  for (const file of ['tollgate.plans.ts', 'features.ts', 'no-plans.ts']) {
    cpSync(join(PACKAGE, 'test/consumer', file), join(outside, file))
  }
  expect(compile('features.ts')).toEqual({ status: 0, stdout: '' })
  expect(compile('no-plans.ts')).toEqual({ status: 0, stdout: '' })
})

test('a program that does not use the texts does not contain them', async () => {
  writeFileSync(join(outside, 'without.js'), "export { createTollgateClient } from '@tollgate/client'")
  writeFileSync(join(outside, 'with.js'), "export { textOf } from '@tollgate/client/texts'")
  const bundled = async (file: string) => {
    const bundle = await rolldown({ input: join(outside, file), external: /^@trpc|^superjson/, platform: 'neutral' })
    return (await bundle.generate()).output[0].code
  }
  expect(await bundled('without.js')).not.toContain('You already have a subscription')
  const texts = await bundled('with.js')
  expect(texts).toContain('You already have a subscription')
  expect(texts).not.toContain('createSession')
})

test('the package runs in plain Node', () => {
  const program = `
    import { createTollgateClient } from '@tollgate/client'
    const { api, session } = createTollgateClient({ url: 'http://127.0.0.1:9' })
    console.log(session.current, await api.auth.me.query().catch((error) => error.name))`
  const output = run(process.execPath, ['--input-type=module', '--eval', program], outside)
  expect(output).toBe('null TRPCClientError\n')
})

describe('the package in a CommonJS program', () => {
  const CODE = `
    import { createTollgateClient, isTollgateError, type SessionEndReason } from '@tollgate/client'
    import { textOfReason } from '@tollgate/client/texts'
    textOfReason('BUSY').length
    const onSessionEnd = (reason: SessionEndReason) => console.log(reason)
    const { api } = createTollgateClient({ url: 'http://127.0.0.1:9', cookies: 'memory', onSessionEnd })
    api.auth.me.query().then(({ username }) => username.length, (error) => isTollgateError(error, 'INVALID_TOKEN'))`

  test.each([
    ['node16', { module: 'node16' }],
    ['node10', { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' }],
    ['bundler', { module: 'es2022', moduleResolution: 'bundler' }],
  ])('has its types under %s', (_name, how) => {
    writeFileSync(join(outside, 'legacy.cts'), CODE)
    const compilerOptions = { ...how, target: 'es2022', lib: ['es2022', 'dom'], types: [], strict: true, noEmit: true }
    const options = { compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: ['legacy.cts'] }
    writeFileSync(join(outside, 'tsconfig.json'), JSON.stringify(options))
    const { status, stdout } = spawnSync(process.execPath, [OLDER_TSC, '-p', outside], { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  })

  test('is loaded by require, also by a Node that cannot require ES modules, such as 20.10', () => {
    const program = `
      const { createTollgateClient, errorText } = require('@tollgate/client')
      const { textOf } = require('@tollgate/client/texts')
      const { api } = createTollgateClient({ url: 'http://127.0.0.1:9' })
      api.auth.me.query().catch((error) => console.log(error.name, errorText(error) === textOf(error)))`
    const output = run(process.execPath, ['--no-require-module', '--input-type=commonjs', '--eval', program], outside)
    expect(output).toBe('TRPCClientError true\n')
  })
})

describe('@tollgate/react', () => {
  beforeAll(() => {
    pack(REACT, 'react')
    const own = ['react', '@types/react', '@tanstack/react-query', '@trpc/tanstack-react-query']
    for (const name of own) install(name, REACT)
  })

  test('has its build and ranges of peers, and nothing from the workspace', () => {
    const { dependencies, peerDependencies, exports } = manifest('react')
    expect(dependencies).toBeUndefined()
    expect(peerDependencies).toEqual({
      '@tanstack/react-query': '^5.0.0',
      '@tollgate/client': '^0.1.0',
      react: '^18.0.0 || ^19.0.0',
    })
    expect(exports).toEqual({ '.': expect.objectContaining({ import: expect.any(Object) }) })
    // Inferred result types would name parts of React 19's types, which React 18's know as no component.
    for (const [file, name] of Object.entries({ 'require-session': 'RequireSession', provider: 'TollgateProvider' })) {
      const types = readFileSync(join(outside, `node_modules/@tollgate/react/dist/${file}.d.ts`), 'utf8')
      expect(types).toMatch(new RegExp(`function ${name}\\(.*\\): ReactElement;`))
    }
  })

  test('has types for a program elsewhere, also beside the TanStack Query integration of tRPC', () => {
    cpSync(join(REACT, 'test/consumer/program.tsx'), join(outside, 'program.tsx'))
    writeExamples('readme.tsx', join(REACT, 'README.md'))
    expect(compile('program.tsx', 'readme.tsx')).toEqual({ status: 0, stdout: '' })
    // Several times what they were, as decision 0052 has them.
    const { stdout } = spawnSync(TSC, ['-p', outside, '--skipLibCheck', '--extendedDiagnostics'], { encoding: 'utf8' })
    expect(Number(/^Instantiations: +(\d+)$/m.exec(stdout)?.[1])).toBeLessThan(40_000)
    expect(Number(/^Memory used: +(\d+)K$/m.exec(stdout)?.[1])).toBeLessThan(200_000)
  })

  test.each([
    ['import', '--input-type=module', "import * as hooks from '@tollgate/react'"],
    ['require', '--input-type=commonjs', "const hooks = require('@tollgate/react')"],
  ])('is loaded by %s', (_how, type, line) => {
    const output = run(
      process.execPath,
      ['--no-require-module', type, '--eval', `${line};console.log(typeof hooks.useSession)`],
      outside,
    )
    expect(output).toBe('function\n')
  })
})

/** Type-checks files in the folder outside the workspace. */
function compile(...files: string[]) {
  const compilerOptions = {
    target: 'es2025',
    lib: ['es2025', 'dom', 'esnext.disposable'],
    module: 'nodenext',
    jsx: 'react-jsx',
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    allowImportingTsExtensions: true,
  }
  writeFileSync(join(outside, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const { status, stdout } = spawnSync(TSC, ['-p', outside], { encoding: 'utf8' })
  return { status, stdout }
}

/** Writes the examples of a README into a file of their own. */
function writeExamples(file: string, readme: string, before = ''): void {
  const language = file.replace(/.*\./, '')
  const blocks = readFileSync(readme, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)
  const examples = [...blocks].flatMap(([, of, code = '']) => (of === language ? [code] : []))
  expect(examples.length).toBeGreaterThan(0)
  writeFileSync(join(outside, file), [before, ...examples].join('\n'))
}

interface Manifest {
  dependencies: Record<string, string>
  peerDependencies?: Record<string, string>
  exports: unknown
}

function manifest(name = 'client'): Manifest {
  return JSON.parse(readFileSync(join(outside, 'node_modules/@tollgate', name, 'package.json'), 'utf8'))
}

/** Packs a package, and installs it outside as `@tollgate/<name>`. */
function pack(folder: string, name: string): void {
  const installed = join(outside, 'node_modules/@tollgate', name)
  const file = join(outside, `${name}.tgz`)
  mkdirSync(installed, { recursive: true })
  run('npx', ['-y', 'pnpm@12.21.0', 'pack', '--out', file], folder)
  run('tar', ['-xzf', file, '-C', installed, '--strip-components=1'], outside)
}

/** Installs what a package of the workspace depends on. */
function install(name: string, folder: string): void {
  const link = join(outside, 'node_modules', name)
  mkdirSync(dirname(link), { recursive: true })
  symlinkSync(realpathSync(join(folder, 'node_modules', name)), link)
}

function run(program: string, args: string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
