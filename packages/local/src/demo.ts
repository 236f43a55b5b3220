import { CannotStart } from './cannot-start.ts'
import { tellStory } from './demo-story.ts'
import { rejectWhen, stopSignal } from './stop-signal.ts'
import { startThrowawayStack } from './throwaway-stack.ts'

process.umask(0o077)
process.exit(await run())

/** Runs the whole story against a throwaway copy of what `npm start` runs. The first failing step ends it. */
async function run(): Promise<number> {
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
