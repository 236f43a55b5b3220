import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** A program of the workspace to run, and the name that its result is reported under. */
export interface Step {
  name: string
  command: [program: string, ...args: string[]]
}

export interface StepOutcome {
  name: string
  passed: boolean
}

/**
 * Runs steps in parallel, one per core, and prints a line when each one ends.
 * The output of a step is printed only if it fails.
 */
export async function runSteps(steps: Step[]): Promise<StepOutcome[]> {
  const waiting = steps.values()
  const outcomes: StepOutcome[] = []
  async function work() {
    for (const step of waiting) outcomes.push(await runStep(step))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return outcomes
}

async function runStep({ name, command: [program, ...args] }: Step): Promise<StepOutcome> {
  const start = performance.now()
  const { code, output } = await capture(program, args)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  if (code !== 0) console.log(`\n$ ${[program, ...args].join(' ')}\n${output.trimEnd()}\n`)
  return { name, passed: code === 0 }
}

async function capture(program: string, args: string[]): Promise<{ code: number | null; output: string }> {
  // Some programs print colors even if their output is not a terminal.
  const env = { ...workspaceEnvironment(), ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }) }
  const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, output: error.message }))
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** The environment with the workspace's programs, including Node, first in PATH: the machine's Node may be too old. */
export function workspaceEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [join(ROOT, 'node_modules/.bin'), process.env.PATH].join(delimiter) }
}
