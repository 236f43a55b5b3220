import type { AuthScope } from '../auth-scope.ts'
import { UserNotFound } from '../auth.errors.ts'
import type { UserView } from '../auth.schemas.ts'
import { USER_COLUMNS, userView, type UserRow } from '../credentials/user-view.ts'

/**
 * Reads any user.
 *
 * @throws {UserNotFound}
 */
export async function readUser({ em }: Pick<AuthScope, 'em'>, { id }: { id: string }): Promise<UserView> {
  const [row] = await em.execute<UserRow[]>(`select ${USER_COLUMNS} from users u where u.id = ?`, [id])
  if (!row) throw new UserNotFound()
  return userView(row)
}

/** Finds a user by their address. */
export async function findUser({ em }: Pick<AuthScope, 'em'>, { email }: { email: string }): Promise<UserView | null> {
  const [row] = await em.execute<UserRow[]>(`select ${USER_COLUMNS} from users u where u.email = ?`, [email])
  return row ? userView(row) : null
}
