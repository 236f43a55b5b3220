import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { check } from './check.ts'
import { runTests } from './run-tests.ts'
import { workspaceEnvironment } from './steps.ts'

const USAGE = `Usage: npm test -- [--long] [PART-OF-A-PATH …]

Runs all checks and tests, or only the tests whose path contains one of the parts. --long adds the long ones.`

const { help, long, filters } = readArguments()
if (help) {
  console.log(USAGE)
  process.exit(0)
}
if (long) process.env.TOLLGATE_TESTS = 'long'
process.env.PATH = workspaceEnvironment().PATH

const steps = filters.length === 0 ? await check() : []
const brokenSteps = steps.filter((step) => !step.passed)
const { passed, failed, skipped } = await runTests(join(import.meta.dirname, '..'), filters)

if (brokenSteps.length > 0) console.log(`Failed checks: ${brokenSteps.map(({ name }) => name).join(', ')}\n`)
const failures = failed + brokenSteps.length
console.log(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failures > 0 ? 1 : 0) // an open handle of a test would keep the process alive

/** Parses the command line. Exits with the error and the usage if it is invalid. */
function readArguments() {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, long: { type: 'boolean' } } as const
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    return { ...values, filters: positionals }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    process.exit(1)
  }
}
