import { isTollgateError } from '@tollgate/client'
import { useEffect, useState } from 'react'
import { restoreSession } from '../api.ts'
import { AuthPage } from '../parts/auth-page.tsx'
import { BusyButton } from '../parts/busy-button.tsx'
import { Problem } from '../parts/problem.tsx'
import { Support } from '../parts/support.tsx'
import { t } from '../texts/catalogue.ts'

const RETRY_AFTER_MS = 10_000

/** In place of every page while the API does not answer. It tries again by itself, and as soon as the network is back. */
export function Unreachable({ error }: { error: unknown }) {
  const [isTrying, setTrying] = useState(false)
  const words = t.pages.unreachable
  const retry = () => {
    setTrying(true)
    void restoreSession().finally(() => setTrying(false))
  }
  useEffect(() => {
    const timer = setInterval(() => void restoreSession(), RETRY_AFTER_MS)
    const online = () => void restoreSession()
    window.addEventListener('online', online)
    return () => {
      clearInterval(timer)
      window.removeEventListener('online', online)
    }
  }, [])
  return (
    <AuthPage title={words.title}>
      <p role="alert">{navigator.onLine ? words.lead : words.offline}</p>
      {isTollgateError(error) && (
        <p className="quiet">
          <Problem error={error} />
        </p>
      )}
      <p className="actions">
        <BusyButton busy={isTrying} onClick={retry}>
          {words.again}
        </BusyButton>
      </p>
      <Support />
    </AuthPage>
  )
}
