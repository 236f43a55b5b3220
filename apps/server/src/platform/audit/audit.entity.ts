import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../database/ids.ts'

/** Who changed what, and from where. A trigger refuses every update and delete of these rows. */
const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  indexes: [
    { name: 'audit_entries_actor', properties: ['actorId', 'id'] },
    { name: 'audit_entries_action', properties: ['action', 'id'] },
    { name: 'audit_entries_target', properties: ['targetId', 'id'] },
    { name: 'audit_entries_target_newest', properties: ['targetId', 'createdAt', 'id'] },
    { name: 'audit_entries_actor_newest', properties: ['actorId', 'createdAt', 'id'] },
    // What was done to a member of an account: the target is the account.
    {
      name: 'audit_entries_member',
      expression: `create index "audit_entries_member" on "audit_entries" (coalesce("after" ->> 'userId', "before" ->> 'userId'), "created_at", "id") where "action" like 'member.%';`,
    },
    { name: 'audit_entries_target_type', properties: ['targetType', 'id'] },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    /** Null when the system itself acted. Not a foreign key, because the record outlives the account. */
    actorId: p.uuid().nullable(),
    action: p.string().length(64),
    targetType: p.string().length(32),
    targetId: p.string().length(64),
    before: p.json<Record<string, unknown>>().nullable(),
    after: p.json<Record<string, unknown>>().nullable(),
    requestId: p.string().length(64).nullable(),
    ip: p.string().length(64).nullable(),
    createdAt: p.datetime(6),
  },
})

export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry)
