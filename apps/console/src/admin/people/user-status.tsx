import { Badge } from '../../parts/badge.tsx'
import { t } from '../texts/catalogue.ts'

interface UserStatusProps {
  isActive: boolean
  isVerified: boolean
  isAdmin: boolean
}

/** Whether a user can log in, has verified their address, and is an administrator. */
export function UserStatus({ isActive, isVerified, isAdmin }: UserStatusProps) {
  return (
    <span className="badges">
      {!isActive && <Badge tone="bad" label={t.people.disabled} />}
      {isActive && !isVerified && <Badge tone="warning" label={t.people.unverified} />}
      {isActive && isVerified && <Badge tone="good" label={t.people.active} />}
      {isAdmin && <Badge tone="calm" label={t.people.admin} />}
    </span>
  )
}
