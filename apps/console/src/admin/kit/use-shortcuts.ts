import { useEffect, useRef } from 'react'

/** How long after `g` the second key counts, in milliseconds. */
const SEQUENCE_MS = 1_000

/**
 * Runs an action when a key is pressed, but not while the user types, chooses or looks at a dialog.
 *
 * @param shortcuts by key (`j`) or by two keys, one after the other (`g p`).
 */
export function useShortcuts(shortcuts: Readonly<Record<string, () => void>>): void {
  const latest = useRef(shortcuts)
  useEffect(() => {
    latest.current = shortcuts
  })

  useEffect(() => {
    let lastKey = ''
    let lastAt = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isElsewhere(event.target)) return
      const sequence = event.timeStamp - lastAt < SEQUENCE_MS ? `${lastKey} ${event.key}` : event.key
      const action = latest.current[sequence] ?? latest.current[event.key]
      lastKey = event.key
      lastAt = event.timeStamp
      if (!action) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

function isElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu]') !== null
}
