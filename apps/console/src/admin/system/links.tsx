import { Link } from 'react-router'
import { t } from '../texts/catalogue.ts'

interface Account {
  id: string
  kind: 'personal' | 'organization'
  name: string
}

/** Leads to the person or the organization that pays. */
export function AccountLink({ account }: { account: Account | null }) {
  if (!account) return <span className="quiet">{t.system.none}</span>
  const path = account.kind === 'personal' ? `/admin/people/${account.id}` : `/admin/accounts/${account.id}`
  return <Link to={path}>{account.name}</Link>
}

/** An id that people compare and copy, cut where the column ends. */
export function Id({ id }: { id: string | null }) {
  return id === null ? (
    <span className="quiet">{t.system.none}</span>
  ) : (
    <code className="system-id" title={id}>
      {id}
    </code>
  )
}
