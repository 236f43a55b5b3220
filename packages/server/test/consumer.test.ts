import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PACKAGE, PackedPackage } from './packed.ts'
import { ACCOUNT } from './small-backend.ts'

const TSC = join(PACKAGE, '../../node_modules/.bin/tsc')

let outside: PackedPackage
beforeAll(() => {
  outside = new PackedPackage()
  outside.link('hono')
  outside.link('@types/express')
  outside.write('node.d.ts', GLOBALS)
})
afterAll(() => outside[Symbol.dispose]())

/** What the examples use of Node. */
const GLOBALS = 'declare const process: { env: Record<string, string | undefined> }'

test('the package has its build, and needs jose only', () => {
  const { dependencies, exports } = outside.manifest()
  expect(Object.keys(dependencies)).toEqual(['jose'])
  expect(dependencies['jose']).toMatch(/^\^\d+\.\d+\.\d+$/)
  expect(exports).toEqual({
    '.': {
      import: { types: './dist/index.d.ts', default: './dist/index.js' },
      require: { types: './dist/cjs/index.d.ts', default: './dist/cjs/index.js' },
    },
  })
})

test('the code in the README compiles', () => {
  const blocks = codeIn(join(PACKAGE, 'README.md'))
  const imports = blocks.flatMap((block) => block.match(/^import .*$/gm) ?? [])
  const rest = blocks.map((block) => block.replaceAll(/^import .*\n/gm, ''))
  outside.write('readme.ts', [...imports, ...rest].join('\n'))
  expect(compile('readme.ts')).toEqual({ status: 0, stdout: '' })
})

test('the examples for Express, Hono and Next.js compile', () => {
  const examples = codeIn(join(PACKAGE, '../../docs/verify-tokens.md')).map((code) => {
    const [, file = ''] = /^\/\/ (\S+\.ts)\n/.exec(code) ?? []
    outside.write(file, code)
    return file
  })
  expect(examples).toEqual(expect.arrayContaining(['tollgate.ts', 'express.ts', 'hono.ts', 'app/api/todos/route.ts']))
  expect(compile(...examples)).toEqual({ status: 0, stdout: '' })
})

test('a mistake does not compile', () => {
  outside.write(
    'mistakes.ts',
    `import { createTollgateServer, type VersionStore } from '@tollgate/server'
    const tollgate = createTollgateServer({ url: 'https://api.example.com' })
    declare const store: VersionStore<{ query(sql: string): void }>
    declare const request: Request
    const verified = await tollgate.verify(request)
    // @ts-expect-error a refusal has no session
    verified.session.userId
    // @ts-expect-error without a key, a repeat would count twice
    await tollgate.consume('account', { feature: 'ai' })
    // @ts-expect-error a misspelt type
    tollgate.feed({ types: ['user.create'] })
    // @ts-expect-error without a store, there is no transaction
    await tollgate.receiveEvents(request, (_event, tx) => tx.query('x'), { secret: 'whsec_' })
    await tollgate.receiveEvents(request, (_event, tx) => tx.query('x'), { secret: 'whsec_', store })
    await tollgate.receiveEvents(request, ({ type, data }) => {
      if (type === 'member.added') console.log(data.role)
      // @ts-expect-error not every event is about a member
      console.log(data.role)
    }, { secret: 'whsec_' })
    if (verified.ok) console.log(verified.session.userId)`,
  )
  expect(compile('mistakes.ts')).toEqual({ status: 0, stdout: '' })
})

test('a misspelled feature, plan or tier does not compile once the plans are registered', () => {
  outside.write(
    'names.ts',
    `import { createTollgateServer } from '@tollgate/server'
    const plans = {
      tiers: { team: 15 }, features: ['exports', 'projects'],
      plans: { free: { name: 'Free' }, pro: { name: 'Pro' } },
    } as const
    declare module '@tollgate/server' {
      interface Register { plans: typeof plans }
    }
    const tollgate = createTollgateServer({ url: 'https://api.example.com' })
    const { tier, planCode, features } = await tollgate.entitlements('account')
    const known = [tier === 'team', planCode === 'pro', features.exports.allowed]
    // @ts-expect-error a misspelt tier
    const mistakes = [known, tier === 'taem']
    // @ts-expect-error a misspelt plan
    mistakes.push(planCode === 'prro')
    // @ts-expect-error a misspelt feature
    mistakes.push(features.exprots)
    await tollgate.feature('account', 'exports')
    // @ts-expect-error a misspelt feature
    await tollgate.feature('account', 'exprots')
    const usage = await tollgate.consume('account', { feature: 'projects', key: 'one' })
    // @ts-expect-error a misspelt feature
    await tollgate.consume('account', { feature: 'projetcs', key: 'two' })
    // @ts-expect-error a misspelt plan
    mistakes.push(usage.unlockedBy?.planCode === 'prro')`,
  )
  expect(compile('names.ts')).toEqual({ status: 0, stdout: '' })
})

test('a CommonJS program can require it, also on a Node that can not require ES modules', () => {
  const program = `
    const { createTollgateServer } = require('@tollgate/server')
    createTollgateServer({ url: 'http://127.0.0.1:9' }).verify('no.a.token').then(({ reason }) => console.log(reason))`
  const flags = ['--no-require-module', '--input-type=commonjs', '--eval', program]
  expect(outside.run(process.execPath, ...flags)).toBe('INVALID_TOKEN\n')
})

test('a program does not end while it waits for a repeat', () => {
  const program = `
    import { createTollgateServer } from '@tollgate/server'
    const stop = new AbortController()
    let failures = 0
    const onError = () => ++failures < 2 || stop.abort()
    const tollgate = createTollgateServer({ url: 'http://127.0.0.1:9', serviceKey: 'tgsk_' + 'k'.repeat(43), onError })
    const consumption = { feature: 'api_calls', key: 'once' }
    await tollgate.consume('${ACCOUNT}', consumption).catch(({ name }) => console.log(name))
    for await (const page of tollgate.feed({ signal: stop.signal })) console.log(page)
    console.log(failures)`
  expect(outside.run(process.execPath, '--input-type=module', '--eval', program)).toBe('TollgateUnavailable\n2\n')
})

/** The TypeScript in a Markdown file. */
function codeIn(file: string): string[] {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)
  expect(blocks.length).toBeGreaterThan(0)
  return blocks
}

/** Type-checks files in the folder outside the workspace. */
function compile(...files: string[]) {
  const compilerOptions = {
    ...{ target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], module: 'nodenext', types: [], strict: true },
    ...{ exactOptionalPropertyTypes: true, noEmit: true, allowImportingTsExtensions: true, skipLibCheck: true },
  }
  outside.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [...files, 'node.d.ts'] }))
  const { status, stdout } = spawnSync(TSC, ['-p', outside.path], { encoding: 'utf8' })
  return { status, stdout }
}
