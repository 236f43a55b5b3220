import { useEffect, useMemo, useRef } from 'react'

/** How many forms on the page hold something that was typed and not sent. */
let forms = 0

/** Whether the page would lose something that the user has typed. */
export const hasUnsaved = (): boolean => forms > 0

/** Counts a form while it holds something typed. */
export function useUnsaved(): { begin: () => void; end: () => void } {
  const isCounted = useRef(false)
  const counter = useMemo(
    () => ({
      begin() {
        if (!isCounted.current) forms += 1
        isCounted.current = true
      },
      end() {
        if (isCounted.current) forms -= 1
        isCounted.current = false
      },
    }),
    [],
  )
  useEffect(() => counter.end, [counter])
  return counter
}
