import { useState } from 'react'
import { Select } from '../parts/select.tsx'
import { t } from '../texts/catalogue.ts'
import type { Role } from '../words/rights.ts'
import { ROLES, rolesToGive } from '../words/role.ts'

/**
 * Chooses one of the roles that the user may give, and says what it may do.
 *
 * @param props.by the user's own role.
 */
export function RoleField({ by, selected = 'member' }: { by: Role; selected?: Role }) {
  const [role, setRole] = useState(selected)
  const options = rolesToGive(by).map((value) => ({ value, label: ROLES[value].label }))
  return (
    <Select
      name="role"
      label={t.members.role.label}
      hint={ROLES[role].may}
      options={options}
      value={role}
      onChange={({ target }) => setRole(roleIn(target.value))}
    />
  )
}

/** The role that a form has sent. */
export function roleIn(value: string): Role {
  return value === 'owner' || value === 'admin' || value === 'billing' ? value : 'member'
}
