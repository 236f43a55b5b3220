import type { Log } from './log.ts'

/** Resolves at the first SIGTERM or SIGINT; further ones are swallowed, so that an orderly stop is not cut short. */
export async function untilStopped(log: Log): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        log.info({ signal }, 'stopping')
        resolve()
      })
    }
  })
}
