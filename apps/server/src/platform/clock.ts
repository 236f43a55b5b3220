/** Wall time. It is a value in scope, so that tests need no fake timers. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** Adds milliseconds to a moment. */
export function after(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms)
}
