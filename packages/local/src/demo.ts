import { CannotStart } from './cannot-start.ts'
import { tellStory } from './demo-story.ts'
import { rejectWhen, stopSignal } from './stop-signal.ts'
import { startThrowawayStack } from './throwaway-stack.ts'

process.umask(0o077)
process.exit(await run())

/** The whole story against a throwaway copy of what `npm start` runs; every step either holds or ends it. */
async function run(): Promise<number> {
  const signal = stopSignal()
  try {
    console.log('A throwaway backend is starting …')
    await using stack = await startThrowawayStack(process.env, signal)
    await Promise.race([tellStory(stack.endpoints, (line) => console.log(line)), rejectWhen(signal)])
    console.log('\nEvery step held.')
    return 0
  } catch (error) {
    if (signal.aborted) console.error('\nStopped before the end.')
    else console.error(error instanceof CannotStart ? `\n${error.message}` : error)
    return 1
  }
}
