import { CannotStart } from './cannot-start.ts'
import { answerCommandLine } from './command-line.ts'
import { tellStory } from './demo-story.ts'
import { rejectWhen, stopSignal } from './stop-signal.ts'
import { startThrowawayStack } from './throwaway-stack.ts'

const USAGE = `Usage: npm run demo

Runs the whole story against a throwaway copy of what npm start runs, in about a minute: sign up, verify, log in,
subscribe, pay, use up a limit, be renewed, upgrade, cancel, lapse, work in a team, and pay in another currency through
Paymob. It prints one line for each step, and fails if a step does not hold. It needs no npm start, and uses any free
ports.

It has no options.`

process.umask(0o077)
process.exit(await run())

/** Runs the whole story against a throwaway copy of what `npm start` runs. The first failing step ends it. */
async function run(): Promise<number> {
  const answered = answerCommandLine(process.argv.slice(2), USAGE)
  if (answered !== null) return answered
  const signal = stopSignal()
  try {
    console.log('Starting a throwaway backend …')
    await using stack = await startThrowawayStack(process.env, signal)
    await Promise.race([tellStory(stack.endpoints, (line) => console.log(line)), rejectWhen(signal)])
    console.log('\nAll steps passed.')
    return 0
  } catch (error) {
    if (signal.aborted) console.error('\nStopped before the end.')
    else console.error(error instanceof CannotStart ? `\n${error.message}` : error)
    return 1
  }
}
