import { Link, Navigate, useLocation } from 'react-router'
import { restoreSession } from '../../api.ts'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Loading } from '../../parts/loading.tsx'
import { Page } from '../../parts/page.tsx'
import { logInPath } from '../../session/local-path.ts'
import { useSessionState, useUser } from '../../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { AdminLayout } from './admin-layout.tsx'

/** Shows the operators' pages to administrators only. The API checks it again for every call. */
export function AdminGate() {
  const state = useSessionState()
  const user = useUser()
  const { pathname, search } = useLocation()
  switch (state.status) {
    case 'unknown':
      return <Loading />
    case 'unreachable':
      return <LoadFailure error={state.error} retry={() => void restoreSession()} />
    case 'out':
      return <Navigate replace to={logInPath(`${pathname}${search}`, state.because)} />
    case 'in':
      return user?.isAdmin ? <AdminLayout key={user.id} /> : <AdminsOnly />
  }
}

function AdminsOnly() {
  return (
    <main id="content">
      <Page title={t.kit.adminsOnly} narrow>
        <p className="lead">{t.kit.adminsOnlyHint}</p>
        <p>
          <Link to="/">{t.kit.toConsole}</Link>
        </p>
      </Page>
    </main>
  )
}
