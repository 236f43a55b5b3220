import { defineEntity, p } from '@mikro-orm/core'
import { User } from '../auth/index.ts'
import { newId } from '../platform/database/ids.ts'

/** A user at the payment provider. Locking this row comes before every change of the user's billing. */
const CustomerSchema = defineEntity({
  name: 'Customer',
  tableName: 'customers',
  properties: {
    id: p.uuid().primary().onCreate(newId),
    user: () => p.oneToOne(User).ref().deleteRule('cascade').unique('customers_user_unique'),
    /** Null until the customer exists at the provider. */
    providerCustomerId: p.string().length(255).nullable().unique('customers_provider_unique'),
    /** The account and mode that the provider's id belongs to; null if unknown. See `providers/provider-account.ts`. */
    providerAccount: p.string().length(255).nullable(),
    /** Incremented each time the customer was deleted at the provider and must be created again. */
    generation: p.integer().default(0),
    /** When the user's only trial began; null if they have not had one. */
    trialUsedAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
  },
})

export class Customer extends CustomerSchema.class {}
CustomerSchema.setClass(Customer)
