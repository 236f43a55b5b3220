import { Link } from 'react-router'
import { t } from '../texts/catalogue.ts'

interface Owner {
  user: { email: string }
  account: { id: string; kind: 'personal' | 'organization'; name: string }
}

/** Leads to the person or the organization that pays; null if the account was deleted since. */
export function OwnerLink({ owner }: { owner: Owner | null }) {
  if (!owner) return <span className="quiet">{t.overview.changes.deleted}</span>
  const { id, kind, name } = owner.account
  return kind === 'personal' ? (
    <Link to={`/admin/people/${id}`}>{owner.user.email}</Link>
  ) : (
    <Link to={`/admin/accounts/${id}`}>{name}</Link>
  )
}
