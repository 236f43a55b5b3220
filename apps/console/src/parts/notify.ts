let waiting: readonly string[] = []
const listeners = new Set<() => void>()

/** Tells the user that something has worked. Screen readers announce it. Errors belong beside what failed. */
export function notify(title: string): void {
  waiting = [...waiting, title]
  for (const listener of listeners) listener()
}

/** What has been said and is not on the page yet. */
export const waitingToasts = {
  watch(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  read: () => waiting,
  take(): readonly string[] {
    const taken = waiting
    waiting = []
    return taken
  },
}
