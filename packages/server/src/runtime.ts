import { isObject } from './shape.ts'

/** Whether this is Cloudflare's runtime, where a promise of one request may never end for another. */
export function isWorkersRuntime(): boolean {
  const navigator: unknown = Reflect.get(globalThis, 'navigator')
  return isObject(navigator) && navigator['userAgent'] === 'Cloudflare-Workers'
}

/** Waits without keeping the process alive. Ends early when the signal is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    release(timer)
    if (signal?.aborted) end()
    else signal?.addEventListener('abort', end)
  })
}

/** In Node, a timer is an object that can let the process end. Elsewhere it is a number. */
function release(timer: unknown): void {
  if (isObject(timer) && typeof timer['unref'] === 'function') Reflect.apply(timer['unref'], timer, [])
}
