import { defineEntity, p } from '@mikro-orm/core'
import { Account } from '../accounts/index.ts'
import { User } from '../auth/index.ts'
import { newId } from '../platform/database/ids.ts'

/** An account at the payment provider. Locking this row comes before every change of the account's billing. */
const CustomerSchema = defineEntity({
  name: 'Customer',
  tableName: 'customers',
  // One customer per account. For personal accounts, the unique user sees to it until the previous version is gone.
  uniques: [{ name: 'customers_organization', properties: ['account'], where: { formerUser: null } }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade').index('customers_account'),
    /** The previous version's column: the user of a personal account. A trigger fills it in. */
    formerUser: () =>
      p
        .oneToOne(User)
        .ref()
        .nullable()
        .deleteRule('cascade')
        .fieldName('user_id')
        .unique('customers_user_unique')
        .lazy()
        .hidden(),
    /** Null until the customer exists at the provider. */
    providerCustomerId: p.string().length(255).nullable().unique('customers_provider_unique'),
    /** The account and mode that the provider's id belongs to; null if unknown. See `providers/provider-account.ts`. */
    providerAccount: p.string().length(255).nullable(),
    /** Incremented each time the customer was deleted at the provider and must be created again. */
    generation: p.integer().default(0),
    /** When the account's only trial began; null if they have not had one. */
    trialUsedAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
  },
})

export class Customer extends CustomerSchema.class {}
CustomerSchema.setClass(Customer)
