import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'

/**
 * Who pays: it has members, and owns the billing. Every user has a personal account with the user's own id, which a
 * trigger on `users` inserts. An organization has many members.
 *
 * @see docs/decisions/0022-accounts-pay.md
 */
const AccountSchema = defineEntity({
  name: 'Account',
  tableName: 'accounts',
  indexes: [
    { name: 'accounts_newest', properties: ['createdAt', 'id'] },
    { name: 'accounts_organizations', properties: ['createdAt', 'id'], where: { kind: 'organization' } },
    {
      name: 'accounts_search',
      expression: `create index "accounts_search" on "accounts" using gin (trigrams(lower("name"))) where "name" is not null;`,
    },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    kind: p.enum(['personal', 'organization'] as const),
    /** Null for a personal account without a name of its own. Then its name is the username. */
    name: p.string().length(100).nullable(),
    /** Fields of the product on this server, which members may read; null is none. */
    publicData: p.json<Record<string, unknown>>().nullable(),
    /** Fields that only operators and service keys may read; null is none. */
    privateData: p.json<Record<string, unknown>>().lazy().nullable(),
    createdAt: p.datetime(6),
    /** When an organization was deleted. A personal account is closed while its user is not active. */
    closedAt: p.datetime(6).nullable(),
  },
})

export class Account extends AccountSchema.class {}
AccountSchema.setClass(Account)
