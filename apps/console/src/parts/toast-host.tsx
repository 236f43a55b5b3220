import { lazy, Suspense, useState, useSyncExternalStore } from 'react'
import { waitingToasts } from './notify.ts'

const Toasts = lazy(async () => {
  const found = await import('./toasts.tsx').catch(() => null)
  return { default: found?.Toasts ?? Silent }
})

/** A message that something has worked is not worth an error page. */
const Silent = () => null

/** Shows what `notify` is told. It loads the code for it with the first message: most visits have none. */
export function ToastHost() {
  const isNeeded = useSyncExternalStore(waitingToasts.watch, () => waitingToasts.read().length > 0)
  const [isLoaded, setIsLoaded] = useState(false)
  if (isNeeded && !isLoaded) setIsLoaded(true)
  return (
    isLoaded && (
      <Suspense>
        <Toasts />
      </Suspense>
    )
  )
}
