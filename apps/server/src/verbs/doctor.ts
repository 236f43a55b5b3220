import { ConfigError, readConfig, type Config } from '../config.ts'
import { examine } from './doctor/examine.ts'
import { wrong, type Finding } from './doctor/finding.ts'

/**
 * `doctor`: checks everything that the other verbs need. It prints a line for each finding that says what to do,
 * changes nothing, and prints no secret.
 *
 * @returns 1 if anything is wrong.
 */
export async function doctor(env: Record<string, string | undefined>): Promise<number> {
  const config = configIn(env)
  if (!config) return 1
  const findings = await examine(config, env)
  for (const { about, ...finding } of findings) print(about, finding)
  const healthy = findings.every(({ state }) => state !== 'wrong')
  console.log(healthy ? 'Nothing is wrong.' : 'Something is wrong: see above.')
  return healthy ? 0 : 1
}

function configIn(env: Record<string, string | undefined>): Config | undefined {
  try {
    return readConfig(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) print('settings', wrong(problem))
    console.log('Fix these first. Everything else depends on them.')
    return undefined
  }
}

const MARKS = { fine: 'ok   ', odd: 'look ', wrong: 'WRONG' } as const

function print(about: string, { state, text }: Finding): void {
  console.log(`${MARKS[state]}  ${about.padEnd(9)}  ${text}`)
}
