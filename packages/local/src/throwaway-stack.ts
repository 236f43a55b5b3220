import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStackOptions } from './stack-options.ts'
import { startStack, type RunningStack } from './stack.ts'

/** Makes every part listen on any free port. */
export const ANY_PORTS = {
  PORT: '0',
  WEB_PORT: '0',
  STRIPE_SANDBOX_PORT: '0',
  OAUTH_SANDBOX_PORT: '0',
  MAIL_WEB_PORT: '0',
  MAIL_SMTP_PORT: '0',
  PAYMOB_SANDBOX_PORT: '0',
  WEBHOOK_SANDBOX_PORT: '0',
}

/**
 * Starts a copy of what `npm start` runs, with free ports and its own database. Disposing of it deletes all its data.
 *
 * @param env the caller's environment, with any changed settings for the server.
 * @throws {CannotStart} when a part can't start. Once `signal` is aborted, rejects with its reason instead.
 */
export async function startThrowawayStack(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<RunningStack> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-throwaway-'))
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  const own = { ...env, ...ANY_PORTS, DATA_DIR: dataDir, DATABASE_URL: '' }
  try {
    const stack = await startStack({ ...readStackOptions(own), isThrowaway: true }, own, {
      say: () => undefined,
      signal,
    })
    return {
      endpoints: stack.endpoints,
      async [Symbol.asyncDispose]() {
        await stack[Symbol.asyncDispose]()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}
