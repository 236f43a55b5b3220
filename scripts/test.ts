import { join } from 'node:path'
import { check } from './check.ts'
import { runTests } from './run-tests.ts'
import { workspaceEnvironment } from './steps.ts'

// npm test [-- --long] [-- PART-OF-A-PATH …]: all checks and tests, or only the tests whose path matches.
const filters = process.argv.slice(2).filter((argument) => argument !== '--long')
if (process.argv.includes('--long')) process.env.TOLLGATE_TESTS = 'long'
process.env.PATH = workspaceEnvironment().PATH

const steps = filters.length === 0 ? await check() : []
const brokenSteps = steps.filter((step) => !step.passed)
const { passed, failed, skipped } = await runTests(join(import.meta.dirname, '..'), filters)

if (brokenSteps.length > 0) console.log(`Failed checks: ${brokenSteps.map(({ name }) => name).join(', ')}\n`)
const failures = failed + brokenSteps.length
console.log(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failures > 0 ? 1 : 0) // an open handle of a test would keep the process alive
