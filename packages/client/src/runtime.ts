/** The address of a page or worker. */
export interface OwnLocation {
  readonly hostname: string
  readonly origin: string
}

const globalNamed = (name: string): unknown => Reflect.get(globalThis, name)

/**
 * Whether this is a page or a worker of a browser, which has a cookie jar of one person. Server runtimes with workers
 * (Cloudflare, Deno) have a `WorkerGlobalScope`, too, but no location or a global of their own.
 */
export function isBrowser(): boolean {
  if ('document' in globalThis) return true
  const scope = globalNamed('WorkerGlobalScope')
  const isWorker = typeof scope === 'function' && globalThis instanceof scope
  return isWorker && globalNamed('location') !== undefined && !('Deno' in globalThis)
}

/** The page's or worker's own address; undefined outside a browser. */
export function ownLocation(): OwnLocation | undefined {
  const location = globalNamed('location')
  if (!isBrowser() || typeof location !== 'object' || location === null) return undefined
  if (!('hostname' in location && 'origin' in location)) return undefined
  return { hostname: String(location.hostname), origin: String(location.origin) }
}
