import { defineEntity, p } from '@mikro-orm/core'

/** How far the reconciler has read the provider's list of events. */
const ProviderCursorSchema = defineEntity({
  name: 'ProviderCursor',
  tableName: 'provider_cursors',
  properties: {
    provider: p.enum(['stripe', 'paymob'] as const).primary(),
    /** In the provider's time: all earlier events have been read. */
    listedUntil: p.datetime(6),
  },
})

export class ProviderCursor extends ProviderCursorSchema.class {}
ProviderCursorSchema.setClass(ProviderCursor)
