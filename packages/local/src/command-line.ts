import { parseArgs } from 'node:util'

/**
 * Reads the command line of a program that has no options: its settings are environment variables.
 *
 * @returns the exit code if there is nothing to run: after `--help`, or after an unknown option, which is named. Null to
 *   go on.
 */
export function answerCommandLine(args: string[], usage: string): number | null {
  try {
    const { values } = parseArgs({ args, options: { help: { type: 'boolean', short: 'h' } } })
    if (!values.help) return null
    console.log(usage)
    return 0
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 1
  }
}
