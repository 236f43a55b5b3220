import { defineEntity, p } from '@mikro-orm/core'
import { Account } from '../accounts/index.ts'
import { User } from '../auth/index.ts'
import { newId } from '../platform/database/ids.ts'
import { DEFAULT_PROVIDER, PROVIDERS } from './provider.schemas.ts'

/**
 * An account's customer at a payment provider. The row of the default provider is there for every account that has paid
 * or tried to, also at another provider: it is the account's lock, and locking it comes before every change of the
 * account's billing.
 */
const CustomerSchema = defineEntity({
  name: 'Customer',
  tableName: 'customers',
  uniques: [{ name: 'customers_of_account', properties: ['account', 'provider'] }],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    account: () => p.manyToOne(Account).ref().deleteRule('cascade'),
    provider: p.enum(PROVIDERS).default(DEFAULT_PROVIDER),
    /**
     * The previous version's column: the user of a personal account. A trigger fills it in for the default provider, the
     * only one which that version knows.
     */
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
    /** When the account's only trial began, at whatever provider. Only the lock's row knows it. */
    trialUsedAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
  },
})

export class Customer extends CustomerSchema.class {}
CustomerSchema.setClass(Customer)
