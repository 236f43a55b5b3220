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
    export default () => () => console.log('put away')`,
  'run.ts': `
    import { runTests } from ${JSON.stringify(join(import.meta.dirname, 'run-tests.ts'))}
    for (const filter of process.argv.slice(2)) {
      console.log('tally of', filter, JSON.stringify(await runTests(import.meta.dirname, [filter])))
    }
    process.exit()`,
  'mixed.test.ts': `
    import { afterAll, describe, expect, test } from 'vitest'
    test('holds', () => expect(1).toBe(1))
    test('does not hold', () => expect(1).toBe(2))
    test.skip('is not asked', () => expect(1).toBe(2))
    describe('broken at its end', () => {
      afterAll(() => { throw new Error('can not put away') })
      test('holds', () => expect(1).toBe(1))
    })`,
  'unloadable.test.ts': `
    import './no-such-file.ts'`,
  'stray.test.ts': `
    import { expect, test } from 'vitest'
    test('holds', () => { void Promise.reject(new Error('nobody listens')); expect(1).toBe(1) })`,
  'focused.test.ts': `
    import { expect, test } from 'vitest'
    test.only('hides the rest', () => expect(1).toBe(1))`,
  'slow.test.ts': `
    import { expect, test } from 'vitest'
    test('takes its time', async () => {
      console.log('under way')
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(1).toBe(1)
    })
    test('comes too late', () => expect(1).toBe(1))`,
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

test.each(Object.entries(TALLIES))('%s: every test and every other failure is counted', (filter, tally) => {
  expect(tallyIn(output, filter)).toEqual(tally)
})

test('an interrupted run fails, and puts away what its setup has started', async () => {
  const run = start('slow')
  let said = ''
  for await (const chunk of run.stdout.setEncoding('utf8')) {
    if (!said.includes('under way') && `${said}${chunk}`.includes('under way')) {
      run.kill('SIGINT')
      run.kill('SIGINT') // as a terminal and npm do it together
    }
    said += chunk
  }
  expect(tallyIn(said, 'slow')).not.toMatchObject({ failed: 0 })
  expect(said).toContain('put away')
})

function start(...filters: string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')))
  return spawn(process.execPath, [join(root, 'run.ts'), ...filters], { env, stdio: ['ignore', 'pipe', 'ignore'] })
}

function tallyIn(printed: string, filter: string): unknown {
  const line = printed.split('\n').find((each) => each.startsWith(`tally of ${filter} `))
  return JSON.parse(line?.slice(`tally of ${filter} `.length) ?? 'null')
}
