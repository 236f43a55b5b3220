import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'
import { PROVIDERS } from './provider.schemas.ts'

/** What a convergence changed in one row: only the fields that differ. */
export interface RowChange {
  objectType: 'subscription' | 'payment' | 'checkout'
  /** The object's id at the provider. */
  objectId: string
  /** Null if the row is new. */
  before: Record<string, unknown> | null
  after: Record<string, unknown>
}

/** The inbox: every event of the payment provider, stored once per id before it is applied. */
const ProviderEventSchema = defineEntity({
  name: 'ProviderEvent',
  tableName: 'provider_events',
  uniques: [{ name: 'provider_events_id_unique', properties: ['provider', 'providerEventId'] }],
  indexes: [
    {
      name: 'provider_events_object',
      expression: `create index "provider_events_object" on "provider_events" (left("payload" #>> '{data,object,id}', 255), "received_at", "id");`,
    },
    {
      name: 'provider_events_account',
      expression: `create index "provider_events_account" on "provider_events" ("account_id", "received_at", "id") where "account_id" is not null;`,
    },
    {
      // Of a provider whose events name no customer.
      name: 'provider_events_called',
      expression: `create index "provider_events_called" on "provider_events" (left(coalesce("payload" #>> '{subscription_data,id}', "payload" #>> '{obj,id}'), 255), "received_at", "id") where ("payload" #>> '{data,object,id}') is null;`,
    },
    { name: 'provider_events_type', properties: ['type', 'receivedAt', 'id'] },
    { name: 'provider_events_ignored', properties: ['receivedAt', 'id'], where: { status: 'ignored' } },
    { name: 'provider_events_newest', properties: ['receivedAt', 'id'] },
    // A few rows among very many: the events that the reconciler retries and that admins look for.
    {
      name: 'provider_events_open',
      properties: ['receivedAt', 'id'],
      where: { status: { $in: ['received', 'failed'] } },
    },
    {
      name: 'provider_events_customer',
      expression: `create index "provider_events_customer" on "provider_events" (left(coalesce("payload" #>> '{data,object,customer}', "payload" #>> '{data,object,id}'), 255), "received_at", "id");`,
    },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    provider: p.enum(PROVIDERS),
    providerEventId: p.string().length(255),
    type: p.string().length(100),
    status: p.enum(['received', 'processed', 'ignored', 'failed'] as const).default('received'),
    /** In the provider's time. Shown to people; never used to order events. */
    occurredAt: p.datetime(6),
    payload: p.json<Record<string, unknown>>(),
    receivedAt: p.datetime(6),
    processedAt: p.datetime(6).nullable(),
    attempts: p.integer().default(0),
    lastError: p.text().nullable(),
    /** Whose it is. Null if the event names its customer itself, before it is applied, and in rows of older versions. */
    accountId: p.uuid().nullable(),
    /** What applying it changed in the account's rows. Null if nothing, and in rows of older versions. */
    changes: p.json<RowChange[]>().nullable(),
  },
})

export class ProviderEvent extends ProviderEventSchema.class {
  /** Whether it is still to be applied, for the first time or again. */
  isOpen(): boolean {
    return this.status === 'received' || this.status === 'failed'
  }
}
ProviderEventSchema.setClass(ProviderEvent)
