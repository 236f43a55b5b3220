import { z } from 'zod'

export const RecoveryView = z
  .object({
    since: z.date().describe('When the invoice was due.'),
    step: z
      .string()
      .nullable()
      .describe('The last mail of `DUNNING` about it, such as `3d` or `final`; null before the first.'),
    nextStepAt: z.date().nullable().describe('When the next mail is due; null if that is not known, or none follows.'),
    nextRetryAt: z.date().nullable().describe('When the provider tries again by itself; null if it does not.'),
    amountDueCents: z.int(),
    currency: z.string(),
    payUrl: z
      .string()
      .nullable()
      .describe('The provider’s page for the invoice. Null if it has none, and for members who may not pay.'),
    action: z
      .enum(['pay', 'authenticate', 'update_card'])
      .describe(
        'What helps: to pay the invoice, to confirm the payment with the bank, or another card for the next try.',
      ),
  })
  .meta({ id: 'Recovery', description: 'A renewal that failed, and what becomes of it.' })
export type RecoveryView = z.infer<typeof RecoveryView>

export const PayLinkInput = z.object({
  token: z.string().regex(/^[\w-]{43}$/, 'must be the token of a link'),
  addsCard: z
    .boolean()
    .default(false)
    .describe('Opens a page for another card, where the invoice itself has no page (`needsCard`).'),
})
export type PayLinkInput = z.infer<typeof PayLinkInput>

export const PayLinkView = z.object({
  state: z.enum(['open', 'paid', 'void', 'ended']),
  url: z.string().nullable().describe('Where to go on; null if there is nothing to pay, or with `needsCard`.'),
  needsCard: z
    .boolean()
    .describe('Whether the invoice has no page. Then `addsCard` opens one for another card, after a click.'),
  paysNow: z
    .boolean()
    .describe('Whether the page takes the amount due. Otherwise the new card is charged at the next attempt.'),
})
export type PayLinkView = z.infer<typeof PayLinkView>

export const PayResultInput = z.object({
  sessionId: z.string().max(255).describe('The page for another card, as the provider names it in the address.'),
})
export type PayResultInput = z.infer<typeof PayResultInput>

export const PayResultView = z.object({
  state: z.enum(['open', 'paid', 'void', 'ended']).describe('Of the invoice. `open` if no card was added.'),
  isCardAdded: z.boolean().describe('Whether the page was completed. Otherwise nothing has changed.'),
  retriesAt: z.date().nullable().describe('When the provider charges the card for this invoice; null if it does not.'),
})
export type PayResultView = z.infer<typeof PayResultView>
