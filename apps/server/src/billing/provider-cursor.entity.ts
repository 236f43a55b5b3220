import { defineEntity, p } from '@mikro-orm/core'

/** How far the reconciler has read a provider's own list of events. */
const ProviderCursorSchema = defineEntity({
  name: 'ProviderCursor',
  tableName: 'provider_cursors',
  properties: {
    provider: p.enum(['stripe', 'paymob'] as const).primary(),
    /** By the provider's time: everything that happened before was listed. */
    listedUntil: p.datetime(6),
  },
})

export class ProviderCursor extends ProviderCursorSchema.class {}
ProviderCursorSchema.setClass(ProviderCursor)
