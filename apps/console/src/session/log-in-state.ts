import type { RouterOutputs } from '@tollgate/client'

export type Session = RouterOutputs['auth']['login']
export type User = RouterOutputs['auth']['me']

/** What this tab knows of the person in front of it. */
export type LogInState =
  /** Nobody has asked the backend yet. */
  | { status: 'unknown' }
  /** It was asked and did not answer. */
  | { status: 'unreachable'; error: unknown }
  /** `because`: the backend's reason, when a session ended by itself. */
  | { status: 'out'; because: string | null }
  | { status: 'in'; session: Session }

/** One value that components can watch. */
export interface Watchable<T> {
  read(): T
  write(value: T): void
  /** Calls back after every change; returns how to stop that. */
  watch(listener: () => void): () => void
}

export function createWatchable<T>(initial: T): Watchable<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    read: () => value,
    write(next) {
      value = next
      for (const listener of listeners) listener()
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
