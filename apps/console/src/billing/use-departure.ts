import { useMutation } from '@tanstack/react-query'
import { useEffect } from 'react'

/**
 * A call that is answered with an address elsewhere, to which the browser then goes.
 *
 * @param ask gives that address.
 */
export function useDeparture<Input = void>(ask: (input: Input) => Promise<string>) {
  const departure = useMutation({ mutationFn: ask, onSuccess: (url) => window.location.assign(url) })
  const { reset, isPending, isSuccess } = departure
  // Whoever comes back with the browser's own button finds the page as it was left: about to go.
  useEffect(() => {
    const whenBack = (event: PageTransitionEvent) => {
      if (event.persisted) reset()
    }
    window.addEventListener('pageshow', whenBack)
    return () => window.removeEventListener('pageshow', whenBack)
  }, [reset])

  const isLeaving = isPending || isSuccess
  return {
    isLeaving,
    /** Where to, while the browser is about to go. */
    towards: isLeaving ? departure.variables : undefined,
    error: departure.error,
    leave: (input: Input) => {
      if (!isLeaving) departure.mutate(input)
    },
  }
}
