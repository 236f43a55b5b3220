import { useEffect, useRef, type RefObject } from 'react'

/**
 * Focuses the heading of each new page, so that screen readers start there. Browsers reset the focus only on full page
 * loads.
 *
 * A page that loads first gets its heading later. Then it is focused only if the user has not gone on meanwhile.
 *
 * @param page changes with the page; null while it is not known which one is shown.
 */
export function useFocusOnNewPage(content: RefObject<HTMLElement | null>, page: string | null): void {
  const lastPage = useRef<string | null>(null)
  useEffect(() => {
    const isNew = lastPage.current !== null && page !== null && lastPage.current !== page
    if (page !== null) lastPage.current = page
    if (!isNew || !content.current) return undefined
    let focused = focusHeading(content.current, null)
    const later = new MutationObserver(() => {
      const isFree = document.activeElement === null || document.activeElement === document.body
      if (content.current && isFree) focused = focusHeading(content.current, focused)
    })
    later.observe(content.current, { childList: true, subtree: true })
    return () => later.disconnect()
  }, [content, page])
}

/** @param last the heading that had the focus before; it gets it only once. */
function focusHeading(content: HTMLElement, last: HTMLElement | null): HTMLElement | null {
  const heading = content.querySelector('h1')
  if (heading !== last) heading?.focus({ preventScroll: true })
  return heading ?? last
}
