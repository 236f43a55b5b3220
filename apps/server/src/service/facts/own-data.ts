import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountNotFound } from '../../accounts/index.ts'
import { UserNotFound } from '../../auth/index.ts'
import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import {
  changedFields,
  checkOperatorsChange,
  writeOwnData,
  type DataChanges,
  type OwnFields,
} from '../../platform/own-data.ts'
import { requireRevision, revisionOf } from '../../platform/revision.ts'
import type { Scope } from '../../platform/scope.ts'

/** What has fields of the configuration. */
type Owner = 'user' | 'account'
const TABLES = { user: 'users', account: 'accounts' } as const

/** The fields of a user or an account, also those that they can't read themselves. */
interface OwnDataOf {
  publicData: Record<string, unknown>
  privateData: Record<string, unknown>
  /** Stands for both. */
  revision: string
}

/**
 * Reads all fields that the configuration adds to a user or an account.
 *
 * @throws {UserNotFound}
 * @throws {AccountNotFound}
 */
export async function readOwnData(em: EntityManager, { of, id }: { of: Owner; id: string }): Promise<OwnDataOf> {
  const [row] = await em.execute<Omit<OwnDataOf, 'revision'>[]>(
    `select coalesce(public_data, '{}') as "publicData", coalesce(private_data, '{}') as "privateData"
     from ${TABLES[of]} where id = ?`,
    [id],
  )
  if (!row) throw of === 'user' ? new UserNotFound() : new AccountNotFound()
  return { ...row, revision: revisionOf(row) }
}

/**
 * Changes any fields of a user or an account, for an operator or a program. The audit log has the names of the fields,
 * but not their values: it is kept for good, and they may be personal.
 *
 * A closed account and a deactivated user have their fields still, which can be corrected and removed.
 *
 * @throws {InvalidInput} which names each bad field.
 * @throws {UserNotFound}
 * @throws {AccountNotFound}
 * @throws {RevisionStale} if a field has changed since the caller read them
 */
export async function changeOwnData(
  { em, clock }: Pick<Scope, 'em' | 'clock'>,
  actor: AuditActor,
  { of, id, fields, by }: { of: Owner; id: string; fields: OwnFields; by?: { serviceKeyId: string } },
  { revision, ...given }: DataChanges & { revision?: string | undefined },
): Promise<OwnDataOf> {
  const changes = checkOperatorsChange(fields, given)
  return em.transactional(async (em) => {
    if (revision !== undefined) {
      await em.execute(`select from ${TABLES[of]} where id = ? for no key update`, [id])
      requireRevision(revision, (await readOwnData(em, { of, id })).revision)
    }
    await writeOwnData(em, { table: TABLES[of], id, now: clock.now() }, changes)
    const changed = await readOwnData(em, { of, id })
    const names = changedFields(changes)
    if (names.length > 0) {
      const after = { fields: names, ...by }
      recordAudit({ em, clock }, actor, { action: `${of}.data`, targetType: of, targetId: id, before: null, after })
    }
    return changed
  })
}
