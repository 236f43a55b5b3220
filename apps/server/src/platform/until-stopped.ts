import type { Log } from './log.ts'

/** Resolves at the first SIGTERM or SIGINT. Further signals are ignored, so that the process can stop in order. */
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
