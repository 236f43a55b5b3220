import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CannotStart } from './cannot-start.ts'
import { tellStory } from './demo-story.ts'
import { readStackOptions } from './stack-options.ts'
import { startStack } from './stack.ts'
import { stopSignal } from './stop-signal.ts'

const ANY_PORTS = {
  PORT: '0',
  WEB_PORT: '0',
  STRIPE_SANDBOX_PORT: '0',
  OAUTH_SANDBOX_PORT: '0',
  MAIL_WEB_PORT: '0',
  MAIL_SMTP_PORT: '0',
}

process.umask(0o077)
process.exit(await run())

/** The whole story against a throwaway copy of what `npm start` runs; every step either holds or ends it. */
async function run(): Promise<number> {
  const signal = stopSignal()
  const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-demo-'))
  const env = { ...process.env, ...ANY_PORTS, DATA_DIR: dataDir, DATABASE_URL: '' }
  try {
    console.log('A throwaway backend is starting …')
    await using stack = await startStack(readStackOptions(env), env, { say: () => undefined, signal })
    await Promise.race([tellStory(stack.endpoints, (line) => console.log(line)), rejectWhen(signal)])
    console.log('\nEvery step held.')
    return 0
  } catch (error) {
    if (signal.aborted) console.error('\nStopped before the end.')
    else console.error(error instanceof CannotStart ? `\n${error.message}` : error)
    return 1
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Rejects once the signal is aborted, and never resolves. */
function rejectWhen(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}
