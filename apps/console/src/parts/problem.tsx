import { errorText, isTollgateError } from '@tollgate/client'
import { useEffect, useState } from 'react'

const SECOND_MS = 1000

/** Says why a call failed. If the user has to wait, the time counts down. */
export function Problem({ error }: { error: unknown }) {
  const wait = isTollgateError(error) ? (error.data.retryAfter ?? 0) : 0
  return wait > 0 ? <Countdown error={error} wait={wait} /> : errorText(error)
}

/** Screen readers hear the first sentence and the last: a timer is quiet. */
function Countdown({ error, wait }: { error: unknown; wait: number }) {
  const [passed, setPassed] = useState({ error, seconds: 0 })
  const waited = passed.error === error ? passed.seconds : 0
  const isOver = waited >= wait

  useEffect(() => {
    const failedAt = Date.now()
    const timer = setInterval(() => {
      const seconds = Math.floor((Date.now() - failedAt) / SECOND_MS)
      setPassed({ error, seconds })
      if (seconds >= wait) clearInterval(timer)
    }, SECOND_MS)
    return () => clearInterval(timer)
  }, [error, wait])

  const text = errorText(error, waited)
  return isOver ? text : <span role="timer">{text}</span>
}
