import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runSteps, type Step, type StepOutcome } from './steps.ts'

const ROOT = join(import.meta.dirname, '..')

/** All checks that don't run the code: `npm run check`, and the first half of `npm test`. */
export async function check(): Promise<StepOutcome[]> {
  return runSteps([
    { name: 'lint', command: ['oxlint'] },
    ...typeChecks(),
    { name: 'import walls', command: ['depcruise', 'apps', 'packages', 'scripts'] },
    { name: 'dead code', command: ['knip', '--no-progress'] },
    {
      name: 'generated API types and reasons are up to date',
      command: ['node', 'scripts/generate-client-api.ts', '--check'],
    },
    { name: 'format', command: ['oxfmt', '--check'] },
    { name: 'commit messages', command: ['node', 'scripts/commit-rules.ts'] },
  ])
}

/** By default, `tsc` divides a program among four checkers, and each of them checks the shared types again. */
function typeChecks(): Step[] {
  const configs = globSync(['{apps/*,packages/*,examples/todo,.}/tsconfig.json'], { cwd: ROOT })
  return configs.toSorted().map((config) => ({
    name: `types of ${nameOf(config)}`,
    command: ['tsc', '-p', config, '--checkers', '1'],
  }))
}

function nameOf(config: string): string {
  const folder = dirname(config)
  return folder === '.' ? 'scripts' : folder
}

if (import.meta.main) {
  const outcomes = await check()
  process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1
}
