import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'

const FILES = {
  'package.json': '{ "type": "module" }',
  'vitest.config.ts': `
    export default { test: { include: ['*.test.ts'], allowOnly: false, globalSetup: ['./setup.ts'] } }`,
  'setup.ts': `
    export default () => () => console.log('torn down')`,
  'run.ts': `
    import { runTests } from ${JSON.stringify(join(import.meta.dirname, 'run-tests.ts'))}
    for (const filter of process.argv.slice(2)) {
      console.log('tally of', filter, JSON.stringify(await runTests(import.meta.dirname, [filter])))
    }
    process.exit()`,
  'mixed.test.ts': `
    import { afterAll, describe, expect, test } from 'vitest'
    test('passes', () => expect(1).toBe(1))
    test('fails', () => expect(1).toBe(2))
    test.skip('is skipped', () => expect(1).toBe(2))
    describe('with a failing hook', () => {
      afterAll(() => { throw new Error('cannot tear down') })
      test('passes', () => expect(1).toBe(1))
    })`,
  'unloadable.test.ts': `
    import './no-such-file.ts'`,
  'stray.test.ts': `
    import { expect, test } from 'vitest'
    test('passes', () => { void Promise.reject(new Error('unhandled')); expect(1).toBe(1) })`,
  'focused.test.ts': `
    import { expect, test } from 'vitest'
    test.only('is focused', () => expect(1).toBe(1))`,
  'slow.test.ts': `
    import { expect, test } from 'vitest'
    test('is slow', async ({ signal }) => {
      console.log('running now')
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      expect(1).toBe(1)
    })
    test('never starts', () => expect(1).toBe(1))`,
}

const TALLIES = {
  mixed: { passed: 2, failed: 2, skipped: 1 },
  unloadable: { passed: 0, failed: 1, skipped: 0 },
  stray: { passed: 1, failed: 1, skipped: 0 },
  focused: { passed: 0, failed: 1, skipped: 0 },
  'no-such-test': { passed: 0, failed: 1, skipped: 0 },
}

let root: string
let output: string
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tollgate-run-tests-'))
  for (const [file, content] of Object.entries(FILES)) writeFileSync(join(root, file), content)
  symlinkSync(join(import.meta.dirname, '../node_modules'), join(root, 'node_modules'))
  output = await text(start(...Object.keys(TALLIES)).stdout)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

test.each(Object.entries(TALLIES))('counts every test and every failure outside of tests: %s', (filter, tally) => {
  expect(tallyIn(output, filter)).toEqual(tally)
})

test('an interrupted run fails, and its global setup is torn down', async () => {
  const run = start('slow')
  let printed = ''
  for await (const chunk of run.stdout.setEncoding('utf8')) {
    if (!printed.includes('running now') && `${printed}${chunk}`.includes('running now')) {
      run.kill('SIGINT')
      run.kill('SIGINT') // a terminal and npm both send one
    }
    printed += chunk
  }
  expect(tallyIn(printed, 'slow')).not.toMatchObject({ failed: 0 })
  expect(printed).toContain('torn down')
})

function start(...filters: string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
  return spawn(process.execPath, [join(root, 'run.ts'), ...filters], { env, stdio: ['ignore', 'pipe', 'ignore'] })
}

function tallyIn(printed: string, filter: string): unknown {
  const line = printed.split('\n').find((each) => each.startsWith(`tally of ${filter} `))
  return JSON.parse(line?.slice(`tally of ${filter} `.length) ?? 'null')
}
