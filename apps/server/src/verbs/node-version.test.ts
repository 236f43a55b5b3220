import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../main.ts', import.meta.url))
const OLD = `Object.defineProperty(process.versions, 'node', { value: '24.1.0' })`

test('an older Node says which one is needed, and nothing runs', async () => {
  const outcome = await new Promise((resolve) => {
    execFile(process.execPath, ['--import', `data:text/javascript,${OLD}`, PROGRAM, 'help'], (error, stdout, stderr) =>
      resolve({ code: error?.code, stdout, stderr }),
    )
  })
  expect(outcome).toEqual({ code: 1, stdout: '', stderr: 'Tollgate needs Node 26 or newer. This is Node 24.1.0.\n' })
})
