import { recordAudit, type AuditActor } from '../../platform/audit/audit.ts'
import type { AdminScope } from '../admin-scope.ts'
import { FindingNotFound } from '../admin.errors.ts'
import type { ResolveFindingInput } from '../system.schemas.ts'
import { FOR_A_PERSON } from './list-findings.ts'

/**
 * Marks a finding as resolved. Nothing else changes: the note says what was done about it.
 *
 * @throws {FindingNotFound} also when another admin has just resolved it.
 */
export async function resolveFinding(
  { em, clock }: Pick<AdminScope, 'em' | 'clock'>,
  actor: AuditActor,
  { id, note }: ResolveFindingInput,
): Promise<void> {
  await em.transactional(async (em) => {
    const [row] = await em.execute<{ kind: string; object_id: string }[]>(
      `update reconciliation_findings f set resolved_at = ?, resolved_by = ?, resolution = ?
       where f.id = ? and ${FOR_A_PERSON} returning kind, object_id`,
      [clock.now(), actor.actorId, note, id],
    )
    if (!row) throw new FindingNotFound()
    recordAudit({ em, clock }, actor, {
      action: 'finding.resolve',
      targetType: 'finding',
      targetId: id,
      before: { kind: row.kind, objectId: row.object_id },
      after: { note },
    })
  })
}
