import { useMutation } from '@tanstack/react-query'
import { useEffect } from 'react'

/**
 * A call that returns a URL on another site, to which the browser then navigates.
 *
 * @param ask returns that URL; null if there is no reason to leave.
 */
export function useDeparture<Input = void>(ask: (input: Input) => Promise<string | null>) {
  const departure = useMutation({ mutationFn: ask, onSuccess: (url) => url !== null && window.location.assign(url) })
  const { reset, isPending, isSuccess, data } = departure
  // The back button may restore the page exactly as it was left, with its button still busy.
  useEffect(() => {
    const whenBack = (event: PageTransitionEvent) => {
      if (event.persisted) reset()
    }
    window.addEventListener('pageshow', whenBack)
    return () => window.removeEventListener('pageshow', whenBack)
  }, [reset])

  const isLeaving = isPending || (isSuccess && data !== null)
  return {
    isLeaving,
    /** The call has found no reason to leave. */
    isOff: isSuccess && data === null,
    /** The input of the call, while the browser is leaving. */
    towards: isLeaving ? departure.variables : undefined,
    error: departure.error,
    leave: (input: Input) => {
      if (!isLeaving) departure.mutate(input)
    },
  }
}
