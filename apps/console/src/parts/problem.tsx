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
  const [since, setSince] = useState({ error, at: Date.now(), now: Date.now() })
  if (since.error !== error) setSince({ error, at: Date.now(), now: Date.now() })
  const waited = Math.floor((since.now - since.at) / SECOND_MS)
  const isOver = waited >= wait

  useEffect(() => {
    if (isOver) return undefined
    const timer = setInterval(() => setSince((before) => ({ ...before, now: Date.now() })), SECOND_MS)
    return () => clearInterval(timer)
  }, [isOver, error])

  const text = errorText(error, waited)
  return isOver ? text : <span role="timer">{text}</span>
}
