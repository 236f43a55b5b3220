import { useRef, type RefObject } from 'react'
import { useShortcuts } from './use-shortcuts.ts'

/** `j` and `k` move the focus between the rows of a table. Enter opens the focused row's link. */
export function useRowKeys(): RefObject<HTMLTableSectionElement | null> {
  const body = useRef<HTMLTableSectionElement>(null)
  const move = (step: 1 | -1) => {
    const rows = [...(body.current?.querySelectorAll<HTMLElement>('tr[data-row]') ?? [])]
    const current = rows.findIndex((row) => row.contains(document.activeElement))
    const next = rows[current === -1 ? 0 : current + step]
    const target = next?.querySelector<HTMLElement>('td:first-child a') ?? next
    target?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }
  useShortcuts({ j: () => move(1), k: () => move(-1) })
  return body
}
