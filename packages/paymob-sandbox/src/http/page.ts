import type { Request } from 'express'
import type { Paymob } from '../callbacks/paymob.ts'

const PAGE_SIZE = 10

/** A page of a list, in Paymob's shape: URLs of the pages around it. */
export function pageOf<Item>(paymob: Paymob, path: string, items: readonly Item[], query: Request['query']) {
  const page = Math.max(1, Math.trunc(Number(query['page']) || 1))
  const url = (number: number): string => {
    const target = new URL(`${paymob.publicUrl}${path}`)
    for (const [name, value] of Object.entries(query))
      if (typeof value === 'string') target.searchParams.set(name, value)
    target.searchParams.set('page', String(number))
    return target.href
  }
  return {
    next: items.length > page * PAGE_SIZE ? url(page + 1) : null,
    previous: page > 1 ? url(page - 1) : null,
    results: items.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE),
  }
}
