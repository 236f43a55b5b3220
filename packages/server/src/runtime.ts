import { isObject } from './shape.ts'

/** Environment variables of AWS Lambda (also below Vercel and Netlify) and of Google's Cloud Run. */
const FROZEN = ['AWS_LAMBDA_FUNCTION_NAME', 'K_SERVICE']

/**
 * Whether nothing runs here between requests. On Cloudflare's workers and Vercel's edge, what a request has begun is even
 * canceled when it ends, so another request that waits for it may wait forever.
 */
export function isAsleepBetweenRequests(): boolean {
  const [navigator, process] = ['navigator', 'process'].map((name): unknown => Reflect.get(globalThis, name))
  if (isObject(navigator) && navigator['userAgent'] === 'Cloudflare-Workers') return true
  if ('EdgeRuntime' in globalThis) return true
  if ('Deno' in globalThis) return false // it asks for permission to read the environment
  const environment = isObject(process) ? process['env'] : undefined
  return isObject(environment) && FROZEN.some((name) => environment[name] !== undefined)
}

/**
 * Node's own module for cryptography, found without an import: other runtimes have no module of that name.
 *
 * @returns undefined where there is none.
 */
export function nodeCrypto(): Readonly<Record<string, unknown>> | undefined {
  const process: unknown = Reflect.get(globalThis, 'process')
  if (!isObject(process) || typeof process['getBuiltinModule'] !== 'function') return undefined
  const crypto: unknown = Reflect.apply(process['getBuiltinModule'], process, ['node:crypto'])
  return isObject(crypto) ? crypto : undefined
}

/**
 * Waits, and ends early when the signal is aborted.
 *
 * @param how.inBackground whether the process may end meanwhile, because no caller waits.
 */
export function pause(
  ms: number,
  { signal, inBackground = false }: { signal?: AbortSignal | undefined; inBackground?: boolean } = {},
): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    if (inBackground) release(timer)
    if (signal?.aborted) end()
    else signal?.addEventListener('abort', end)
  })
}

/** In Node, a timer is an object that can let the process end. Elsewhere it is a number. */
function release(timer: unknown): void {
  if (isObject(timer) && typeof timer['unref'] === 'function') Reflect.apply(timer['unref'], timer, [])
}
