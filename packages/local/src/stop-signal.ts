/**
 * A signal that is aborted when this process is asked to end: Ctrl-C, SIGTERM, the terminal closed, or the program that
 * started it (and would pass such signals on) gone. Repeats are ignored, as Ctrl-C reaches a process by several ways.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = () => controller.abort()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop)
  process.once('disconnect', stop)
  process.stdout.on('error', () => undefined) // the terminal may be gone while the last words are printed
  process.stderr.on('error', () => undefined)
  return controller.signal
}

/** Rejects once the signal is aborted, and never resolves. */
export function rejectWhen(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}
