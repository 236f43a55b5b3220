import { defineEntity, p } from '@mikro-orm/core'
import { User } from '../auth/index.ts'
import { newId } from '../platform/database/ids.ts'

/** A user as the payment provider knows him. Its row is the lock under which all of his billing is changed. */
const CustomerSchema = defineEntity({
  name: 'Customer',
  tableName: 'customers',
  properties: {
    id: p.uuid().primary().onCreate(newId),
    user: () => p.oneToOne(User).ref().deleteRule('cascade').unique('customers_user_unique'),
    /** Null until the provider has made it. */
    providerCustomerId: p.string().length(255).nullable().unique('customers_provider_unique'),
    /** Counts the customers made for this user: one more after the provider's was deleted there. */
    generation: p.integer().default(0),
    /** When the one trial of this user began, ever. */
    trialUsedAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
  },
})

export class Customer extends CustomerSchema.class {}
CustomerSchema.setClass(Customer)
