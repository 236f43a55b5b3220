/**
 * Returns a signal that aborts when this process should stop: on Ctrl-C, on SIGTERM, when the terminal closes, or when
 * the program that started it (and forwards signals) dies. Later signals do nothing: one Ctrl-C can arrive twice.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = () => controller.abort()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop)
  process.once('disconnect', stop)
  process.stdout.on('error', () => undefined) // the terminal may close before the last line is printed
  process.stderr.on('error', () => undefined)
  return controller.signal
}

/** Rejects with the signal's reason when it aborts; never resolves. */
export function rejectWhen(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}
