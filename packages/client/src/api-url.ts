import { ownLocation } from './runtime.ts'

const SAME_MACHINE = ['localhost', '127.0.0.1']

/**
 * The API's address as this page should call it.
 *
 * To a browser, `localhost` and `127.0.0.1` are two sites, and a page of one gets no cookie from the other. In
 * development, both are this machine. So call the API under the page's own name.
 */
export function apiUrlFor(url: string): string {
  const page = ownLocation()?.hostname
  const base = url.replace(/\/+$/, '')
  if (page === undefined || !SAME_MACHINE.includes(page) || !URL.canParse(base)) return base
  const api = new URL(base)
  if (!SAME_MACHINE.includes(api.hostname) || api.hostname === page) return base
  api.hostname = page
  return api.href.replace(/\/+$/, '')
}
